import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { IdentityFilter } from './identity-filter.js';

const identity = (n: number) => createHash('sha256').update(String(n)).digest('hex').slice(0, 32);
const identities = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => identity(from + n));
const pageOf = (stored: string[], isLast: boolean) => ({
  prefixes: Buffer.from(stored.map((one) => one.slice(0, 16)).join(''), 'hex'),
  isLast,
});
const maybeOf = (filter: IdentityFilter, asked: string[]) =>
  asked.filter((one) => filter.mayContain(one));

async function wholeFilter(bytes: number): Promise<IdentityFilter> {
  const filter = new IdentityFilter(bytes);
  await filter.cover(pageOf([], true));
  return filter;
}

describe('IdentityFilter', () => {
  it('never denies an identity that was added, even far beyond what it is good for', async () => {
    const filter = await wholeFilter(128);
    for (const one of identities(0, 5_000)) filter.add(one);
    expect(maybeOf(filter, identities(0, 5_000))).toHaveLength(5_000);
  });

  // Of the usual formula, (1 - e^(-6/bits))^6, and something for blocks that hold more than the mean.
  it.each([
    [24, 0.0004],
    [12, 0.008],
    [6, 0.09],
  ])('with %d bits an identity says maybe of few that are absent', async (bits, shareMax) => {
    const filter = await wholeFilter(2 ** 16);
    const held = (2 ** 16 * 8) / bits;
    for (const one of identities(0, held)) filter.add(one);
    const absent = identities(1_000_000, 1_050_000);
    expect(maybeOf(filter, absent).length / absent.length).toBeLessThan(shareMax);
    expect(filter.bitsPerIdentity).toBeCloseTo(bits, 1);
  });

  it('says maybe of every hash that its pages have not reached', async () => {
    const stored = identities(0, 3_000).sort();
    const absent = identities(10_000, 13_000);
    const filter = new IdentityFilter(2 ** 16);
    expect(maybeOf(filter, absent)).toEqual(absent);

    await filter.cover(pageOf(stored.slice(0, 1_000), false));
    const reached = stored[999]!;
    expect(filter.nextPrefix).toBe(BigInt(`0x${reached.slice(0, 16)}`) + 1n);
    const beyond = absent.filter((one) => one > reached);
    const maybe = maybeOf(filter, absent);
    expect(maybe).toEqual(expect.arrayContaining(beyond));
    expect(maybe.length - beyond.length).toBeLessThan(5);
    expect(filter.isWhole).toBe(false);
    // 1,000 of about a third of all hashes: some 3,000 are going to share 524,288 bits.
    expect(filter.bitsPerIdentity).toBeGreaterThan(150);
    expect(filter.bitsPerIdentity).toBeLessThan(200);

    await filter.cover(pageOf(stored.slice(1_000), true));
    expect(filter.isWhole).toBe(true);
    expect(maybeOf(filter, stored)).toEqual(stored);
    expect(maybeOf(filter, absent).length).toBeLessThan(5);
  });

  it('covers the edge of a page to the very hash', async () => {
    const below = '80000000fffffffe'.padEnd(32, '0');
    const last = '80000000ffffffff'.padEnd(32, '0');
    const next = '8000000100000000'.padEnd(32, '0');
    const filter = new IdentityFilter(2 ** 12);
    await filter.cover(pageOf([last], false));
    expect(maybeOf(filter, [below, last, next])).toEqual([last, next]);
    expect(filter.nextPrefix).toBe(0x8000_0001_0000_0000n);
    await filter.cover(pageOf(['f'.repeat(32)], false));
    expect(filter.isWhole).toBe(true);
  });

  it('keeps what is added while a page is on its way', async () => {
    const stored = identities(0, 40_000).sort();
    const filter = new IdentityFilter(2 ** 16);
    const covering = filter.cover(pageOf(stored, true));
    filter.add(identity(50_000));
    await covering;
    expect(filter.mayContain(identity(50_000))).toBe(true);
  });

  it('knows the same at half the size, and as far', async () => {
    const stored = identities(0, 2_000).sort();
    const filter = new IdentityFilter(2 ** 16);
    await filter.cover(pageOf(stored.slice(0, 1_500), false));
    const ours = identities(5_000, 6_000);
    for (const one of ours) filter.add(one);
    const half = await filter.halved();
    expect(half.bytes).toBe(2 ** 15);
    expect(half.nextPrefix).toBe(filter.nextPrefix);
    await half.cover(pageOf(stored.slice(1_500), true));
    expect(maybeOf(half, [...stored, ...ours])).toHaveLength(3_000);
    expect(maybeOf(half, identities(10_000, 20_000)).length).toBeLessThan(5);
    expect(half.bitsPerIdentity).toBeCloseTo((2 ** 15 * 8) / 3_000, 1);
  });
});
