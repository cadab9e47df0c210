import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { contentHashOf } from './content-hash.js';
import { identityOf, partitionOf } from './identity.js';

describe('identity', () => {
  it('is the first half of the SHA-256 of project, source and id', () => {
    const expected = createHash('sha256').update('p1\0api\0e1').digest('hex').slice(0, 32);
    expect(identityOf({ project: 'p1', source: 'api', id: 'e1' })).toBe(expected);
  });

  it('spreads ids over all twelve partitions and always to the same one', () => {
    const ids = Array.from({ length: 1000 }, (_, n) => ({
      project: 'p',
      source: 'api',
      id: `e${n}`,
    }));
    expect(new Set(ids.map(partitionOf))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
    expect(ids.map(partitionOf)).toEqual(ids.map(partitionOf));
  });
});

describe('content hash', () => {
  it('is the same for other key order, explicit defaults, explicit null and another spelling of the instant', () => {
    const sent = {
      id: 'e',
      time: '2026-03-01T01:00:00+01:00',
      usage: { input_tokens: 1, output_tokens: 2 },
    };
    const again = {
      usage: { output_tokens: 2, input_tokens: 1 },
      time: '2026-03-01T00:00:00Z',
      source: 'api',
      type: 'llm.call',
      id: 'e',
    };
    expect(contentHashOf(again)).toBe(contentHashOf(sent));
  });

  it('differs when a count, the customer or the time differs', () => {
    const base = { id: 'e', customer: 'a', usage: { input_tokens: 1 } };
    const others = [
      { ...base, customer: 'b' },
      { ...base, usage: { input_tokens: 2 } },
      { ...base, time: '2026-03-01T00:00:00Z' },
    ];
    for (const other of others) expect(contentHashOf(other)).not.toBe(contentHashOf(base));
  });
});
