import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PricedUsage } from '#contracts';
import { pricedUsage } from '#samples';
import { testEngines } from '#testing';
import {
  type ClickHouseAddress,
  type ClickHouseClient,
  connectClickHouse,
  type SlidingSum,
  type SlidingSumAsked,
  streamSliding,
  type UsageRow,
} from './index.js';
import { insertUsageRaw, migrateClickHouse } from './writes.js';

const address: ClickHouseAddress = {
  url: testEngines().clickhouseUrl,
  database: `test_${randomUUID().replaceAll('-', '')}`,
};
const T0 = Date.parse('2026-11-02T10:00:00.000Z');
const time = (ms: number) => new Date(T0 + ms).toISOString();

const rowOf = (offset: number, partition: number, change: Partial<PricedUsage>): UsageRow => ({
  usage: pricedUsage({ id: `event ${offset}`, received_at: time(600_000), ...change }),
  origin: { cluster: 'c1', partition, offset: String(offset), appended_at: time(0) },
  index: 0,
});
const rows = [
  rowOf(0, 0, { event_time: time(-1), customer: 'acme' }),
  rowOf(1, 0, { event_time: time(0), customer: 'acme', status: 'error', latency_ms: 100 }),
  rowOf(2, 0, { event_time: time(999), customer: 'acme', status: null, latency_ms: 0.5 }),
  rowOf(3, 0, { event_time: time(1_000), customer: 'blue', latency_ms: 106 }),
  // From the future: received in the third second.
  rowOf(4, 0, {
    event_time: time(900_000),
    received_at: time(2_500),
    customer: 'acme',
    latency_ms: 1e12,
  }),
  rowOf(5, 0, { event_time: time(3_000), customer: 'acme' }),
  rowOf(6, 1, { event_time: time(0), customer: 'acme' }),
  rowOf(7, 0, { event_time: time(0), customer: 'acme' }),
];
const asked: SlidingSumAsked = {
  project: 'p1',
  on: 'cost',
  scope: {},
  per: ['customer'],
  partition: 0,
  cluster: 'c1',
  from: null,
  below: 7n,
  bucketMs: 1_000,
  fromMs: T0,
  toMs: T0 + 3_000,
  slice: { fromMs: T0, toMs: T0 + 1_000_000 },
};

let client: ClickHouseClient;

beforeAll(async () => {
  await migrateClickHouse(address);
  client = connectClickHouse(address);
  await insertUsageRaw(client, rows, { token: 't1', planToken: 't1' });
});

afterAll(async () => {
  await client.command({ query: `DROP DATABASE ${address.database}` });
  await client.close();
});

/** As `second customer amount events bins`. */
async function summed(change: Partial<SlidingSumAsked>) {
  const sums: SlidingSum[] = [];
  for await (const some of streamSliding(client, { ...asked, ...change })) sums.push(...some);
  return sums
    .map(({ bucketStartMs, key, amount, events, bins }) => {
      const histogram = [...bins].map(([bin, count]) => `${bin}=${count}`).join(',');
      return `${(bucketStartMs - T0) / 1_000} ${key} ${amount} ${events} ${histogram}`;
    })
    .sort();
}

describe('stored usage of a sliding span', () => {
  it('lies in buckets by the time of each event, and no later than its receipt', async () => {
    // Each event costs $0.0075.
    expect(await summed({})).toEqual([
      '0 {"customer":"acme"} 15000000000 2 ',
      '1 {"customer":"blue"} 7500000000 1 ',
      '2 {"customer":"acme"} 7500000000 1 ',
    ]);
    expect(await summed({ scope: { customer: 'blue' }, per: [], on: 'tokens' })).toEqual([
      '1 {} 1500 1 ',
    ]);
    expect(await summed({ from: 2n, below: 4n, on: 'requests', per: [] })).toEqual([
      '0 {} 1 1 ',
      '1 {} 1 1 ',
    ]);
  });

  it('of a replaced cluster is all there, and of one that came later nothing', async () => {
    const all = { per: [], on: 'requests' } as const;
    // Under another cluster every position of the former one counts: 1 to 5 and 7 of partition 0.
    expect(await summed({ ...all, cluster: 'c2', below: 0n })).toEqual([
      '0 {} 3 3 ',
      '1 {} 1 1 ',
      '2 {} 1 1 ',
    ]);
    expect(await summed({ ...all, cluster: 'c0', below: 0n, except: ['c1'] })).toEqual([]);
    // With positions from the first on, only those of the cluster itself.
    expect(await summed({ ...all, cluster: 'c2', from: 0n })).toEqual([]);
  });

  it('is the same in slices of event time as in one', async () => {
    const slices = [T0, T0 + 1_000, T0 + 2_000, T0 + 950_000];
    const sums: string[] = [];
    for (const [at, fromMs] of slices.slice(0, -1).entries())
      sums.push(...(await summed({ slice: { fromMs, toMs: slices[at + 1]! } })));
    expect(sums).toEqual(await summed({}));
  });

  it('has errors beside all events', async () => {
    expect(await summed({ on: 'errors' })).toEqual([
      '0 {"customer":"acme"} 1 2 ',
      '1 {"customer":"blue"} 0 1 ',
      '2 {"customer":"acme"} 0 1 ',
    ]);
  });

  it('has a histogram of latencies', async () => {
    // 1.1^48 = 97.0 < 100 and 106 <= 1.1^49 = 106.7; a month of 10^12 ms and more is in the last bin.
    expect(await summed({ on: 'latency_p95', per: [] })).toEqual([
      '0 {} 0 2 0=1,49=1',
      '1 {} 0 1 49=1',
      '2 {} 0 1 255=1',
    ]);
  });
});
