import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Clock, createLogger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { FilterLoading } from './filter-loading.js';
import type { IdentityFilter } from './identity-filter.js';
import { KnownIdentities } from './known-identities.js';

const MIB = 2 ** 20;
const metrics = new AggregatorMetrics();
const hashes = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    createHash('sha256').update(String(n)).digest('hex').slice(0, 16),
  ).sort();

/** Every partition holds `stored`, in pages of 100. */
function processOver(stored: string[], filterBytesMax: number) {
  const asked: { partition: number; from: bigint }[] = [];
  const ports = {
    identities: {
      findIdentities: () => Promise.reject(new Error('nobody decides here')),
      readIdentityPage: ({ partition, from }: { partition: number; from: bigint }) => {
        asked.push({ partition, from });
        const rest = stored.filter((prefix) => BigInt(`0x${prefix}`) >= from);
        const prefixes = Buffer.from(rest.slice(0, 100).join(''), 'hex');
        return Promise.resolve({ prefixes, isLast: rest.length < 100 });
      },
    },
    filterBytesMax,
    pageIdentitiesMax: 100,
  };
  const loading = new FilterLoading(ports, new Clock(), metrics, createLogger('test', 'silent'));
  const known = new KnownIdentities(ports, loading);
  const filters = (partitions: number[], epoch: bigint) =>
    Promise.all(partitions.map((partition) => known.filterFor(partition, epoch)));
  const takeOver = (partitions: number[], epoch: bigint) => {
    known.share(partitions);
    return filters(partitions, epoch);
  };
  return { known, asked, filters, takeOver };
}

async function whole(filters: IdentityFilter[]): Promise<void> {
  while (!filters.every(({ isWhole }) => isWhole))
    await new Promise((resolve) => setTimeout(resolve, 1));
}

const sizes = (filters: IdentityFilter[]) => filters.map(({ bytes }) => bytes);
const upTo = (count: number) => Array.from({ length: count }, (_, partition) => partition);

describe('KnownIdentities', () => {
  it.each([
    [1, 192, 128],
    [12, 192, 16],
    [96, 192, 2],
    [11, 1, 1 / 16],
  ])(
    'give each of %d partitions its share of %d MiB, in powers of two',
    async (count, all, one) => {
      const { takeOver } = processOver([], all * MIB);
      expect(sizes(await takeOver(upTo(count), 1n))).toEqual(Array(count).fill(one * MIB));
    },
  );

  it('keep what they know when partitions come and go, within the memory for all', async () => {
    const stored = hashes(1_000);
    const { takeOver, asked } = processOver(stored, MIB);
    const four = await takeOver(upTo(4), 1n);
    await whole(four);
    expect(sizes(four)).toEqual(Array(4).fill(MIB / 4));
    asked.length = 0;

    const five = await takeOver(upTo(5), 2n);
    expect(sizes(five)).toEqual(Array(5).fill(MIB / 8));
    await whole(five);
    expect(new Set(asked.map(({ partition }) => partition))).toEqual(new Set([4]));
    for (const filter of five)
      for (const prefix of stored) expect(filter.mayContain(prefix.padEnd(32, '0'))).toBe(true);
    asked.length = 0;

    const three = await takeOver(upTo(3), 3n);
    expect(three).toEqual(five.slice(0, 3));
    expect(asked).toEqual([]);
  });

  it('forget what they know of a partition that is lost', async () => {
    const { takeOver, filters, asked } = processOver(hashes(50), MIB);
    await whole(await takeOver([0, 1], 1n));
    await whole(await takeOver([0], 2n));
    asked.length = 0;
    const [kept] = await takeOver([0, 1], 3n);
    await whole([kept!, ...(await filters([1], 2n))]);
    expect(asked.filter(({ partition }) => partition === 0)).toEqual([]);
    expect(asked.filter(({ partition }) => partition === 1)[0]?.from).toBe(0n);
  });

  it('make a crowded filter anew as soon as there is room for a larger one', async () => {
    // 2^11 bytes each have 8 bits for 2,048 identities; alone it gets 2^12, with 16.
    const { takeOver, asked } = processOver(hashes(2_048), 2 ** 12);
    const both = await takeOver([0, 1], 1n);
    await whole(both);
    asked.length = 0;
    const alone = await takeOver([0], 2n);
    await whole(alone);
    expect(sizes(alone)).toEqual([2 ** 12]);
    expect(asked[0]).toEqual({ partition: 0, from: 0n });
  });

  it('begin anew when another process owned the partition in between', async () => {
    const { filters, takeOver, asked } = processOver(hashes(300), MIB);
    await whole(await takeOver([0], 1n));
    asked.length = 0;
    await whole(await filters([0], 2n));
    expect(asked).toEqual([]);
    await whole(await filters([0], 4n));
    expect(asked.map(({ from }) => from)[0]).toBe(0n);
    expect(asked).toHaveLength(4);
  });

  it('do not read all that is stored into a filter too small for it', async () => {
    // 1,024 bits for 100,000 identities.
    const { takeOver, asked } = processOver(hashes(100_000), 128);
    await takeOver([0], 1n);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toHaveLength(1);
  });
});
