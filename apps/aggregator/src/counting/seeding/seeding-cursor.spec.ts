import { describe, expect, it } from '@jest/globals';
import { decodeRanges, decodeSeeding, encodeRanges, encodeSeeding } from './seeding-cursor.js';

describe('how far a seed is', () => {
  // As it stands in Redis: it outlives a deployment.
  const text =
    '["1|4",[["c1",null,"18446744073709551615",["c2"],900000,5,60,7,12],["c1","3","9",[],900000,0,8,null,0]]]';
  const seeding = {
    revision: '1|4',
    gaps: [
      {
        cluster: 'c1',
        from: null,
        below: 18_446_744_073_709_551_615n,
        later: ['c2'],
        asOfMs: 900_000,
        atMs: 5,
        endMs: 60,
        toMs: 7,
        added: 12,
      },
      {
        cluster: 'c1',
        from: 3n,
        below: 9n,
        later: [],
        asOfMs: 900_000,
        atMs: 0,
        endMs: 8,
        toMs: null,
        added: 0,
      },
    ],
  };

  it('is read as it was written', () => {
    expect(decodeSeeding(text)).toEqual(seeding);
    expect(encodeSeeding(seeding)).toBe(text);
  });

  it('is nothing where no range is left', () => {
    const ranges = [{ cluster: 'c1', from: 3n, below: 9n }];
    expect(decodeRanges(encodeRanges(ranges))).toEqual(ranges);
    expect(encodeRanges([])).toBe('');
  });
});
