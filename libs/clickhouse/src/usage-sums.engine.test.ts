import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson, type PricedUsage, type Scope, type WatchDimension } from '#contracts';
import { pricedUsage } from '#samples';
import { testEngines } from '#testing';
import {
  type ClickHouseAddress,
  type ClickHouseClient,
  connectClickHouse,
  readUsageExtents,
  readUsageHours,
  streamUsage,
  sumUsage,
  type UsageRow,
  type UsageSum,
  type UsageSumAsked,
} from './index.js';
import { insertUsageRaw, migrateClickHouse } from './writes.js';

const address: ClickHouseAddress = {
  url: testEngines().clickhouseUrl,
  database: `test_${randomUUID().replaceAll('-', '')}`,
};
const DAY_MS = 86_400_000;
const FIRST_MS = Date.parse('2026-11-01T00:00:00.000Z');
const days = [0, 1, 2].map((day) => ({
  startMs: FIRST_MS + day * DAY_MS,
  endMs: FIRST_MS + (day + 1) * DAY_MS,
}));
const lifetime = [{ startMs: 0, endMs: Infinity }];
const MINUTE_MS = 60_000;
/** Two days of them, not listed. */
const minutes = {
  windows: [{ startMs: FIRST_MS, endMs: FIRST_MS + 2 * DAY_MS }],
  everyMs: MINUTE_MS,
};
/** Everything was received on the second day at 10:20:31: what claims to be later counts there. */
const buckets = { ...minutes, everyMs: 90 * MINUTE_MS, byReceipt: true };
const RECEIVED_MS = FIRST_MS + DAY_MS + 37_231_000;
const CUSTOMERS = ['acme', 'blue', '', null];
const MODELS = ['gpt-4o', 'gpt-4o-mini', null];
const TAGS = [[], ['x'], ['x', 'y'], ['y', 'y', 'z']];
const TEAMS = ['red', 7, true, undefined];

/** Every combination of values, over three partitions, two clusters and four days. */
const rows: UsageRow[] = CUSTOMERS.flatMap((customer) =>
  MODELS.flatMap((model) =>
    TAGS.flatMap((tags) => TEAMS.map((team) => ({ customer, model, tags, team }))),
  ),
).map(({ customer, model, tags, team }, n) => ({
  usage: pricedUsage({
    id: `event ${n}`,
    project: n % 11 === 0 ? 'p2' : 'p1',
    customer,
    model,
    tags,
    properties: team === undefined ? {} : { team },
    event_time: new Date(FIRST_MS + n * 1_900_000).toISOString(),
    received_at: new Date(RECEIVED_MS + ((n * 7) % 13)).toISOString(),
    usage: { input_tokens: n, output_tokens: 2 * n, requests: 3 },
    cost: { state: 'priced', amount: `0.00000000000${n % 9}`, lines: [], price_version: 'test' },
  }),
  origin: {
    cluster: n % 5 === 0 ? 'c0' : 'c1',
    partition: n % 3,
    offset: String(n),
    appended_at: '2026-11-06T00:00:00.000Z',
  },
  index: 0,
}));

const scopes: Scope[] = [
  {},
  ...['acme', 'blue', ''].map((customer) => ({ customer })),
  ...['x', 'y', 'z'].map((tag) => ({ tag })),
  ...['red', '7', 'true'].map((team) => ({ 'property.team': team })),
  { customer: 'acme', model: 'gpt-4o' },
  { customer: 'blue', model: 'gpt-4o-mini' },
  { model: 'gpt-4o', customer: 'blue', tag: 'x' },
  { customer: 'nobody' },
];
const pers: WatchDimension[][] = [[], ['customer'], ['tag'], ['model', 'property.team']];
const shared = { project: 'p1', cluster: 'c1' };
const asked: UsageSumAsked[] = scopes.flatMap((scope) =>
  pers.flatMap((per) =>
    [0, 1, 2].flatMap((partition): UsageSumAsked[] => [
      { ...shared, on: 'cost', scope, per, windows: days, partition, from: null, below: 150n },
      { ...shared, on: 'tokens', scope, per, windows: lifetime, partition, from: 20n, below: 180n },
      { ...shared, ...buckets, on: 'tokens', scope, per, partition, from: null, below: 150n },
      { ...shared, ...minutes, on: 'tokens', scope, per, partition, from: null, below: 150n },
    ]),
  ),
);

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

/** What a plain scan over the rows gives, as `window key amount last received`. */
function scan({
  project,
  on,
  scope,
  per,
  windows,
  everyMs,
  byReceipt,
  ...range
}: UsageSumAsked): string[] {
  const sums = new Map<string, { amount: bigint; last: string; received: string }>();
  for (const { usage, origin } of rows) {
    const eventMs = Date.parse(usage.event_time);
    const atMs = byReceipt ? Math.min(eventMs, Date.parse(usage.received_at)) : eventMs;
    const window = windows.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
    const offset = BigInt(origin.offset);
    const isHere =
      range.from === null
        ? origin.cluster !== range.cluster || offset < range.below
        : origin.cluster === range.cluster && offset >= range.from && offset < range.below;
    const isScoped = Object.entries(scope).every(([dimension, value]) =>
      valuesOf(usage, dimension as WatchDimension).includes(String(value)),
    );
    if (!window || !isHere || !isScoped || usage.project !== project) continue;
    if (origin.partition !== range.partition) continue;
    const keys = per.reduce<Record<string, string>[]>(
      (all, one) => all.flatMap((key) => valuesOf(usage, one).map((v) => ({ ...key, [one]: v }))),
      [{}],
    );
    const n = Number(origin.offset);
    const startMs = everyMs ? Math.floor(atMs / everyMs) * everyMs : window.startMs;
    for (const key of keys) {
      const name = `${startMs} ${canonicalJson(key)}`;
      const before = sums.get(name) ?? { amount: 0n, last: '', received: '' };
      const amount = before.amount + BigInt(on === 'cost' ? n % 9 : 3 * n);
      const received = [before.received, usage.received_at].sort()[1]!;
      sums.set(name, { amount, last: usage.event_time, received });
    }
  }
  return [...sums]
    .map(([name, { amount, last, received }]) => `${name} ${amount} ${last} ${received}`)
    .sort();
}

function valuesOf(usage: PricedUsage, dimension: WatchDimension): string[] {
  if (dimension === 'tag') return [...new Set(usage.tags)];
  const value = {
    customer: usage.customer,
    model: usage.model,
    'property.team': usage.properties['team'],
  }[dimension as string];
  return value === null || value === undefined ? [] : [String(value)];
}

function linesOf(sums: UsageSum[]): string[] {
  return sums
    .map(({ windowStartMs, key, amount, lastEventTime, lastReceivedAt }) =>
      [windowStartMs, key, amount, lastEventTime, lastReceivedAt].join(' '),
    )
    .sort();
}

const amountByName = ({ windowStartMs, key, amount }: UsageSum): [string, bigint] => [
  `${windowStartMs} ${key}`,
  amount,
];

describe('sums of stored usage', () => {
  it('asked for together are what a scan finds, and what each gives alone', async () => {
    const together = (await sumUsage(client, asked)).map(linesOf);
    expect(together).toEqual(asked.map(scan));
    expect(together.filter((sums) => sums.length > 0).length).toBeGreaterThan(250);
    for (const [at, one] of asked.entries()) {
      if (at % 7 !== 0) continue;
      const [alone] = await sumUsage(client, [one]);
      expect(linesOf(alone!)).toEqual(together[at]);
    }
  });

  it('of a thousand budgets in twelve partitions are one query a shape', async () => {
    const many = Array.from({ length: 12_000 }, (_, n): UsageSumAsked => ({
      ...shared,
      on: 'cost',
      scope: { customer: `customer ${n % 1_000}` },
      per: [],
      windows: lifetime,
      partition: n % 12,
      from: null,
      below: 150n,
    }));
    const counted = Object.create(client) as ClickHouseClient;
    let queries = 0;
    counted.query = (request: Parameters<ClickHouseClient['query']>[0]) => {
      queries += 1;
      return client.query(request);
    };
    expect(await sumUsage(counted, many)).toHaveLength(12_000);
    expect(queries).toBe(1);
  });

  it('in slices of event time add up to the whole, each in an order of its own that stays', async () => {
    const some = asked.filter((_, at) => at % 13 === 0);
    const whole = (await sumUsage(client, some)).map((sums) => new Map(sums.map(amountByName)));
    const cuts = [0, FIRST_MS + 10 * 3_600_000, FIRST_MS + 2 * DAY_MS + 1, Date.UTC(2200)];
    const added = some.map(() => new Map<string, bigint>());
    for (const [at, fromMs] of cuts.slice(0, -1).entries()) {
      const slice = { fromMs, toMs: cuts[at + 1]! };
      const [orders, again] = [some.map((): string[] => []), some.map((): string[] => [])];
      const sliced = some.map((one) => ({ ...one, slice }));
      for await (const placed of streamUsage(client, sliced)) {
        for (const { sum, places } of placed) {
          const [name, amount] = amountByName(sum);
          for (const place of places) {
            orders[place]!.push(name);
            added[place]!.set(name, (added[place]!.get(name) ?? 0n) + amount);
          }
        }
      }
      // Asked for with others or alone: the same order.
      for (const [place, one] of sliced.entries()) {
        if (place % 10 !== 0) continue;
        for await (const placed of streamUsage(client, [one]))
          again[place]!.push(...placed.map(({ sum }) => amountByName(sum)[0]));
        expect(again[place]).toEqual(orders[place]);
      }
    }
    expect(added).toEqual(whole);
  });

  it('leave out clusters that came later', async () => {
    const one = { ...shared, on: 'events', scope: {}, per: [], windows: lifetime } as const;
    const below = { partition: 0, from: null, below: 13n };
    const [all, others, none] = await sumUsage(client, [
      { ...one, ...below },
      { ...one, ...below, cluster: 'c0', below: 0n },
      { ...one, ...below, cluster: 'c0', below: 0n, except: ['c1'] },
    ]);
    const isOf = (project: string, cluster: string) =>
      rows.filter(
        ({ usage, origin }) =>
          usage.project === project && origin.cluster === cluster && origin.partition === 0,
      );
    const ofLater = isOf('p1', 'c1');
    const earlier = ofLater.filter(({ origin }) => Number(origin.offset) < 13);
    expect(all![0]!.amount).toBe(BigInt(isOf('p1', 'c0').length + earlier.length));
    expect(others![0]!.amount).toBe(BigInt(ofLater.length));
    expect(none).toEqual([]);
  });

  it('are found in hours of the rollup, and in the time that positions span', async () => {
    const hours = await readUsageHours(client, 'p2', FIRST_MS + DAY_MS);
    const times = rows
      .filter(({ usage }) => usage.project === 'p2')
      .map(({ usage }) => Date.parse(usage.event_time))
      .filter((time) => time >= FIRST_MS + DAY_MS);
    const wanted = Map.groupBy(times, (time) => Math.floor(time / 3_600_000) * 3_600_000);
    expect(hours).toEqual(
      [...wanted].map(([startMs, { length: events }]) => ({ startMs, events })),
    );
    const ranges = [
      { partition: 1, from: 1n, below: 14n },
      { partition: 1, from: 1_000n, below: 2_000n },
      { partition: 2, from: 5n, below: 6n },
    ];
    const timeOf = (n: number) => FIRST_MS + n * 1_900_000;
    // Of partition 1 below 14: 1, 4, 7, 10, 13, of which 10 is of another cluster; 5 of partition 2 as well.
    expect(await readUsageExtents(client, { project: 'p1', cluster: 'c1', ranges })).toEqual([
      { firstMs: timeOf(1), lastMs: timeOf(13) },
      null,
      null,
    ]);
  });

  it('of one partition up to two positions are kept apart', async () => {
    const one = { ...shared, on: 'events', scope: {}, per: [], windows: lifetime } as const;
    const sums = await sumUsage(client, [
      { ...one, partition: 0, from: 0n, below: 7n },
      { ...one, partition: 0, from: 0n, below: 13n },
    ]);
    // Partition 0 has the offsets 0, 3, 6, 9, 12 below 13; 0 is of another cluster and of another project.
    expect(sums.map(([sum]) => sum!.amount)).toEqual([2n, 4n]);
  });
});
