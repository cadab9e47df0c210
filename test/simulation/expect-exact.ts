import { expect } from '@jest/globals';
import type { PricedEnvelope, PricedUsage } from '#contracts';
import { picoFromDecimal } from '#money';
import { someBudget } from '#samples';
import { type Budget, compileBudget, limitsOf } from '#watches';
import { FakeAggregator } from './fake-aggregator.js';
import { FakeClickHouse, slice } from './fake-clickhouse.js';
import { FakeKafka } from './fake-kafka.js';
import { FakeRedis } from './fake-redis.js';
import { FakePostgres } from './fake-postgres.js';
import { pricedRecords, RECORDS } from './priced-records.js';
import { World } from './world.js';

const PARTITIONS = 2;
const FAULTY_TURNS = 900;
const TURNS_MAX = 60_000;
const LATE_BUDGET_TURN = 400;
const LOWERED_TURN = 700;

const budget = (overrides: Partial<Budget>): Budget =>
  someBudget({
    per: ['customer'],
    limit: '4',
    window: { kind: 'calendar', unit: 'day', time_zone: 'UTC' },
    thresholds: ['50%', '75%'],
    ...overrides,
  });
const SPAN_SECONDS = 31 * 86_400;
const A_YEAR: Partial<Budget> = {
  thresholds: [],
  window: { kind: 'calendar', unit: 'year', time_zone: 'UTC' },
};
const BUCKET_MS = (SPAN_SECONDS * 1_000) / 60;

/** The second comes into being in the middle of it all; the third slides; the limit of the fourth is lowered. */
const BUDGETS = [
  budget({}),
  budget({ id: 'b2', on: 'cost', per: [], limit: '0.00000005', change: 2n }),
  budget({ id: 'b3', limit: '12', window: { kind: 'rolling', seconds: SPAN_SECONDS } }),
  budget({ id: 'b4', limit: '8', ...A_YEAR }),
];
const LOWERED = budget({ id: 'b4', limit: '3', ...A_YEAR, arming: 4, change: 3n });
const COMPILED = compileBudget(LOWERED);
const LOWERED_REVISION = limitsOf(COMPILED, 0).revision;

/** What counters must hold, and which thresholds they have crossed, from the counted events alone. */
function countedOracle(usages: PricedUsage[]) {
  const counters = new Map<string, bigint>();
  const add = (name: string, amount: bigint) =>
    counters.set(name, (counters.get(name) ?? 0n) + amount);
  const spans = new Map<string, bigint>();
  for (const { event_time, received_at, customer, cost } of usages) {
    const day = Date.parse(`${event_time.slice(0, 10)}T00:00:00Z`);
    add(`b1 ${day} {"customer":"${customer}"}`, 1n);
    add(`b4 ${Date.UTC(2026, 0, 1)} {"customer":"${customer}"}`, 1n);
    add(`b2 ${day} {}`, cost.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n);
    // What claims to be of tomorrow counts at its receipt.
    const countedMs = Math.min(Date.parse(event_time), Date.parse(received_at));
    const key = `{"customer":"${customer}"}`;
    spans.set(`b3 null ${key}`, (spans.get(`b3 null ${key}`) ?? 0n) + 1n);
    add(`b3 ${Math.floor(countedMs / BUCKET_MS) * BUCKET_MS} ${key}`, 1n);
  }
  const windows = [...counters].filter(([name]) => !name.startsWith('b3'));
  const crossed = [...windows, ...spans].flatMap(([name, amount]) => {
    const limit = { b1: 4n, b2: 50_000n, b3: 12n, b4: 3n }[name.slice(0, 2) as 'b1'];
    return (name.startsWith('b4') ? [100n] : [50n, 75n, 100n])
      .filter((percent) => amount * 100n >= limit * percent)
      .map((percent) => `${name} ${percent}%`);
  });
  return { counters, crossed: crossed.sort() };
}

const startOf = (time: string | null) => (time === null ? 'null' : String(Date.parse(time)));

/** Each model without a price that counts, and each reason of quarantine: once, however often a plan was begun. */
function noticesOracle(usages: PricedUsage[], records: PricedEnvelope[]): string[] {
  const models = usages.flatMap(({ cost, model }) => (cost.state === 'unpriced' ? [model!] : []));
  const items = records.flatMap((record) => record.items);
  const reasons = items.flatMap((item) => (item.outcome === 'quarantined' ? [item.reason] : []));
  return [...new Set([...models, ...reasons])].sort();
}

/** The promise, worked out in the plainest way: position by position, the first of an identity counts. */
function oracle(records: PricedEnvelope[]) {
  const counted = new Map<string, { position: string; usage: PricedUsage }>();
  const setAside: string[] = [];
  let highest = -1;
  for (const { origin, items } of records) {
    if (Number(origin.offset) <= highest) continue;
    highest = Number(origin.offset);
    items.forEach((item, index) => {
      const position = `${origin.partition}:${origin.offset}:${index}`;
      if (item.outcome === 'quarantined') return void setAside.push(`${position} quarantined`);
      const first = counted.get(item.identity);
      if (!first) counted.set(item.identity, { position, usage: item });
      else
        setAside.push(
          `${position} ${first.usage.content === item.content ? 'repeat' : 'conflict'}`,
        );
    });
  }
  return { counted: [...counted.values()], setAside };
}

async function run(seed: number) {
  const world = new World(seed);
  let faulty = true;
  const postgres = new FakePostgres(world, () => (faulty ? 0.02 : 0));
  const clickhouse = new FakeClickHouse(world, () => (faulty ? 0.03 : 0));
  const redis = new FakeRedis(world, () => (faulty ? 0.02 : 0));
  const kafka = new FakeKafka(world, PARTITIONS);
  const written = Array.from({ length: PARTITIONS }, (_, partition) =>
    pricedRecords(world, partition),
  );
  let started = 0;
  const start = () =>
    new FakeAggregator(`aggregator ${++started}`, world, kafka, clickhouse, postgres, redis, () =>
      BUDGETS.filter(({ change }) => change === 1n || world.turns > LATE_BUDGET_TURN).map((one) =>
        one.id === LOWERED.id && world.turns > LOWERED_TURN ? LOWERED : one,
      ),
    );
  let members = [start(), start()];
  kafka.rebalance(members.map(({ actor }) => actor));

  const unwritten = written.map((records) => [...records]);
  const isStored = () =>
    unwritten.every((records) => records.length === 0) &&
    kafka.log.every((log, partition) => {
      const row = postgres.rows.get(partition);
      return row?.plan === null && row.originStoredTo === BigInt(RECORDS - 1) && log.length > 0;
    });

  const isCounted = () =>
    redis.pending.length === 0 &&
    kafka.log.every((_, partition) => {
      const seeded = redis.seeded.get(partition);
      return (
        seeded?.size === BUDGETS.length && seeded.get(COMPILED.definition) === LOWERED_REVISION
      );
    });

  while (!isStored() || !isCounted() || faulty) {
    if (world.turns > TURNS_MAX)
      throw new Error(`seed ${seed}: not stored after ${TURNS_MAX} turns`);
    if (world.turns > FAULTY_TURNS) faulty = false;
    if (!faulty) redis.isRefusing = false;
    else if (world.chance(0.01)) redis.isRefusing = !redis.isRefusing;
    const partition = world.below(PARTITIONS);
    if (world.chance(0.05)) {
      const record = unwritten[partition]!.shift();
      if (record) kafka.append(partition, record);
    }
    if (faulty && world.chance(0.01)) clickhouse.restart();
    if (faulty && world.chance(0.004)) redis.flush();
    if (faulty && world.chance(0.01)) redis.save();
    if (faulty && world.chance(0.004)) redis.rollBack();
    if (world.chance(0.1)) redis.deliver();
    if (faulty && world.chance(0.01)) kafka.rebalance(members.map(({ actor }) => actor));
    if (faulty && world.chance(0.01))
      world.pick(members).actor.frozenForTurns = world.below(world.chance(0.3) ? 600 : 150);
    if (faulty && world.chance(0.008)) {
      const victim = world.pick(members);
      victim.actor.dead = true;
      postgres.forget(victim.actor);
      members = [...members.filter((member) => member !== victim), start()];
      kafka.rebalance(members.map(({ actor }) => actor));
    }
    await world.next();
  }
  return { clickhouse, redis, written, expected: written.map(oracle) };
}

/** Plays what is decided, counted and stored under the interleavings and faults of one seed, and holds it to the promise. */
export async function expectExact(seed: number): Promise<void> {
  const { clickhouse, redis, written, expected } = await run(seed);
  const counted = expected.flatMap((partition) => partition.counted);
  const watched = countedOracle(counted.map(({ usage }) => usage));
  expect({ seed, counters: redis.counters }).toEqual({ seed, counters: watched.counters });
  const alerts = new Map(redis.raised.map((alert) => [alert.id, alert]));
  const [crossings, notices] = [true, false].map((watched) =>
    [...alerts.values()].filter(({ raised_by }) => (raised_by !== null) === watched),
  );
  const recovered = crossings!.filter(({ type }) => type === 'budget.recovered');
  expect({ seed, recovered }).toEqual({ seed, recovered: [] });
  // The former limit of the one that is lowered was reached by some, and that is told once as well.
  const [formerly, raised] = [true, false].map((isFormer) =>
    crossings!
      .filter(
        ({ raised_by }) => isFormer === (raised_by!.watch === 'b4' && raised_by!.arming === 1),
      )
      .map(
        ({ data, raised_by }) =>
          `${String(data['budget'])} ${startOf(raised_by!.window_start)} ${JSON.stringify(data['counter'])} ${String(data['threshold'])}`,
      ),
  );
  expect({ seed, raised: raised!.sort() }).toEqual({ seed, raised: watched.crossed });
  const above = formerly!.filter((name) => watched.counters.get(name.replace(/ 100%$/, ''))! >= 8n);
  expect({ seed, above: above.length }).toEqual({ seed, above: new Set(formerly).size });
  const told = notices!.map(({ data }) => String(data['model'] ?? data['reason'])).sort();
  expect({ seed, told }).toEqual({
    seed,
    told: noticesOracle(
      counted.map(({ usage }) => usage),
      written.flat(),
    ),
  });
  const rollup = new Map<string, number>();
  for (const { usage } of counted) rollup.set(slice(usage), (rollup.get(slice(usage)) ?? 0) + 1);
  const positionOf = ({
    origin,
    index,
  }: {
    origin: { partition: number; offset: string };
    index: number;
  }) => `${origin.partition}:${origin.offset}:${index}`;

  expect({ seed, raw: clickhouse.raw.map(({ row }) => positionOf(row)).sort() }).toEqual({
    seed,
    raw: counted.map(({ position }) => position).sort(),
  });
  expect({ seed, repeatedRows: clickhouse.repeatedRows }).toEqual({ seed, repeatedRows: 0 });
  expect({
    seed,
    setAside: clickhouse.setAside.map(({ row }) => `${positionOf(row)} ${row.decidedAs}`).sort(),
  }).toEqual({ seed, setAside: expected.flatMap(({ setAside }) => setAside).sort() });
  expect({
    seed,
    identities: new Set(clickhouse.identities.map(({ row }) => row.usage.identity)),
  }).toEqual({
    seed,
    identities: new Set(counted.map(({ usage }) => usage.identity)),
  });
  expect({
    seed,
    rollup: new Map(
      [...clickhouse.rollup]
        .map(([key, { events }]) => [key, events])
        .filter(([, events]) => events !== 0) as [string, number][],
    ),
  }).toEqual({ seed, rollup });
}
