import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { USAGE_FIELDS, WATCH_DIMENSIONS, type WatchDimension } from '#contracts';
import {
  BUDGET_MEASURES,
  counterKeysOf,
  type MeterName,
  meetsScope,
  METERS,
  RATE_MEASURES,
  STORED_SUMS,
} from '#meters';
import { pricedUsage } from '#samples';
import { testEngines } from '#testing';
import {
  type ClickHouseAddress,
  type ClickHouseClient,
  connectClickHouse,
  queryUsage,
  readUsualHours,
  type SlidingSum,
  streamSliding,
  sumUsage,
  type UsageRow,
} from './index.js';
import { insertUsageRaw, migrateClickHouse } from './writes.js';

const address: ClickHouseAddress = {
  url: testEngines().clickhouseUrl,
  database: `test_${randomUUID().replaceAll('-', '')}`,
};
const FIRST_MS = Date.parse('2026-11-02T10:00:00.000Z');
const HOUR_MS = 3_600_000;
const DIMENSIONS: WatchDimension[] = [...WATCH_DIMENSIONS, 'property.team', 'property.toString'];

const name = fc.constantFrom('a', 'b', '', `it's "\\ {x:String}`, 'ü');
const named = fc.option(name);
const count = fc.oneof(fc.nat(9), fc.constant(Number.MAX_SAFE_INTEGER));
const costs = fc.oneof(
  fc.nat(10 ** 15).map((pico) => ({
    state: 'priced' as const,
    amount: `${Math.floor(pico / 10 ** 12)}.${String(pico % 10 ** 12).padStart(12, '0')}`,
  })),
  fc.constant({ state: 'free' as const, amount: '0' as const }),
  fc.constant({
    state: 'unpriced' as const,
    reason: 'unknown_model' as const,
    detail: '',
    partial: '7',
  }),
);
const events = fc.record({
  customer: named,
  user: named,
  key: name,
  application: named,
  provider: named,
  model: named,
  type: name,
  tags: fc.array(name, { maxLength: 3 }),
  properties: fc.dictionary(
    fc.constantFrom('team', 'toString'),
    fc.oneof(name, fc.integer(), fc.boolean()),
    { noNullPrototype: true },
  ),
  status: fc.constantFrom('ok' as const, 'error' as const, null),
  latency_ms: fc.option(
    fc.oneof(fc.constantFrom(0, 1, 1.1, 1e15), fc.double({ min: 0, max: 9_000, noNaN: true })),
  ),
  usage: fc.dictionary(fc.constantFrom(...USAGE_FIELDS), count, { noNullPrototype: true }),
  cost: costs.map((cost) => ({ ...cost, lines: [], price_version: 'test' })),
});

const rows: UsageRow[] = fc.sample(events, { numRuns: 250, seed: 9 }).map((event, n) => ({
  usage: pricedUsage({
    ...event,
    id: `event ${n}`,
    event_time: new Date(FIRST_MS + n).toISOString(),
    received_at: new Date(FIRST_MS + n).toISOString(),
  }),
  origin: { cluster: 'c1', partition: 0, offset: String(n), appended_at: '2026-11-06T00:00:00Z' },
  index: 0,
}));

interface Sum {
  amount: bigint;
  events: number;
  bins: Map<number, number>;
  latencies: number[];
}

const nothing = (): Sum => ({ amount: 0n, events: 0, bins: new Map(), latencies: [] });

/** What the meter takes of every event in the scope, one after the other. */
function sampled(meter: MeterName, per: WatchDimension[], scope = {}): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const { usage } of rows) {
    const sample = METERS[meter].sample(usage);
    if (sample === null || !meetsScope(scope, usage)) continue;
    for (const key of counterKeysOf(per, usage)) {
      const sum = sums.get(key) ?? nothing();
      sums.set(key, sum);
      sum.amount += sample.amount;
      sum.events += 1;
      const { latencyBin: bin } = sample;
      if (bin === null) continue;
      sum.bins.set(bin, (sum.bins.get(bin) ?? 0) + 1);
      sum.latencies.push(usage.latency_ms!);
    }
  }
  return sums;
}

const sorted = (lines: Iterable<string>): string[] => [...lines].sort();
const shape = (key: string, { amount, events: n, bins }: Omit<Sum, 'latencies'>): string => {
  const histogram = [...bins].sort(([a], [b]) => a - b).map((entry) => entry.join('='));
  return `${key} ${amount} ${n} ${histogram.join()}`;
};

let client: ClickHouseClient;

beforeAll(async () => {
  await migrateClickHouse(address);
  client = connectClickHouse(address);
  await insertUsageRaw(client, rows, { token: 'plan1', planToken: 'plan1' });
});

afterAll(async () => {
  await client.command({ query: `DROP DATABASE ${address.database}` });
  await client.close();
});

const extent = { project: 'p1', partition: 0, cluster: 'c1', from: null, below: 1_000n };
const scopes = DIMENSIONS.flatMap((dimension) =>
  ['a', '', 'true', `it's "\\ {x:String}`].map((value) => ({ [dimension]: value })),
);

/** Every meter by every dimension, and some in the scope of each: what a scope asks is the same of all. */
const SCOPED: readonly MeterName[] = ['cost', 'images', 'errors', 'latency_p95'];
const asked = <Name extends MeterName>(measures: readonly Name[]) =>
  measures.flatMap((on) => [
    { on, per: [], scope: {} },
    ...DIMENSIONS.map((dimension) => ({ on, per: [dimension], scope: {} })),
    ...(SCOPED.includes(on) ? scopes.map((scope) => ({ on, per: [], scope })) : []),
  ]);

describe('a meter takes of stored events what it takes of events', () => {
  it('for a budget', async () => {
    const windows = [{ startMs: 0, endMs: Infinity }];
    const all = asked(BUDGET_MEASURES);
    const sums = await sumUsage(
      client,
      all.map((one) => ({ ...extent, ...one, windows })),
    );
    all.forEach(({ on, per, scope }, at) => {
      const found = sums[at]!.map(({ key, amount }) => `${key} ${amount}`);
      const wanted = [...sampled(on, per, scope)].map(([key, { amount }]) => `${key} ${amount}`);
      expect([on, per, scope, sorted(found)]).toEqual([on, per, scope, sorted(wanted)]);
    });
    expect(sums.flat().length).toBeGreaterThan(2_000);
  });

  it('for a rate', async () => {
    const all = asked(RATE_MEASURES);
    const span = { bucketMs: HOUR_MS, fromMs: FIRST_MS, toMs: FIRST_MS + HOUR_MS };
    const slice = { fromMs: FIRST_MS, toMs: FIRST_MS + HOUR_MS };
    const sums = await Promise.all(
      all.map(async (one) => {
        const ofOne: SlidingSum[] = [];
        const streamed = streamSliding(client, { ...extent, ...one, ...span, slice });
        for await (const some of streamed) ofOne.push(...some);
        return ofOne;
      }),
    );
    all.forEach(({ on, per, scope }, at) => {
      const found = sums[at]!.map(({ key, ...sum }) => shape(key, sum));
      const wanted = [...sampled(on, per, scope)].map(([key, sum]) => shape(key, sum));
      expect([on, per, scope, sorted(found)]).toEqual([on, per, scope, sorted(wanted)]);
    });
    expect(sums.flat().length).toBeGreaterThan(500);
  });

  it.each(RATE_MEASURES)('for the usual %s of an hour', async (on) => {
    const rate = { project: 'p1', on, scope: {}, per: ['type'] as WatchDimension[] };
    const hours = await readUsualHours(client, rate, FIRST_MS + 24 * HOUR_MS);
    const { judged } = METERS[on].aggregation;
    const wanted = [...sampled(on, ['type'])].map(([key, { amount, events: n, latencies }]) => {
      const levels = latencies.sort((a, b) => a - b);
      // The level at the place that the share of all falls on.
      const latencyMs =
        judged.by === 'latency' ? levels[Math.floor(judged.percentile * levels.length)] : 0;
      return `${key} ${amount} ${n} ${latencyMs}`;
    });
    const found = hours.map(({ key, amount, events: n, latencyMs }) =>
      [key, amount, n, latencyMs].join(' '),
    );
    expect(sorted(found)).toEqual(sorted(wanted));
    expect(found).toHaveLength(5);
  });

  it.each([
    ['raw events', FIRST_MS + HOUR_MS - 1],
    ['rollups', FIRST_MS + HOUR_MS],
  ])('for an answer about usage, from %s', async (_, to) => {
    const question = { project: 'p1', groupBy: [], filters: new Map(), limit: 1 };
    const windows = [{ from: FIRST_MS, to }];
    const [total] = await queryUsage(client, { ...question, windows });
    const wanted = STORED_SUMS.map((one) => [one, sampled(one, []).get('{}')!.amount]);
    expect(total!.sums).toEqual(Object.fromEntries(wanted));
  });
});
