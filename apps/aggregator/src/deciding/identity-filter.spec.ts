import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { IdentityFilter } from './identity-filter.js';

const identity = (n: number) => createHash('sha256').update(String(n)).digest('hex').slice(0, 32);

describe('IdentityFilter', () => {
  it('never denies an identity that was added, even far beyond its capacity', () => {
    const filter = new IdentityFilter(100);
    for (let n = 0; n < 5_000; n++) filter.add(identity(n));
    for (let n = 0; n < 5_000; n++) expect(filter.mayContain(identity(n))).toBe(true);
  });

  it('denies at least 99 of 100 absent identities at its capacity', () => {
    const filter = new IdentityFilter(10_000);
    for (let n = 0; n < 10_000; n++) filter.add(identity(n));
    let maybe = 0;
    for (let n = 10_000; n < 20_000; n++) if (filter.mayContain(identity(n))) maybe += 1;
    expect(maybe).toBeLessThan(100);
  });

  it('reads identities from chunks cut in the middle of one, and counts them', async () => {
    const bytes = Buffer.concat([0, 1, 2, 3].map((n) => Buffer.from(identity(n), 'hex')));
    const filter = new IdentityFilter(1_000);
    const added = await filter.addAll(
      (async function* () {
        yield bytes.subarray(0, 5);
        yield bytes.subarray(5, 37);
        yield bytes.subarray(37);
      })(),
    );
    expect(added).toBe(4);
    expect([0, 1, 2, 3, 4].map((n) => filter.mayContain(identity(n)))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});
