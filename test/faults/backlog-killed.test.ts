import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byTestLength, eventually, type LoadedPlatform, startLoadedPlatform } from '#testing';
import { ApiClient } from '../e2e/api-client.js';
import { readStoredCounters } from '../invariants/stored-counters.js';
import { NumberedUsage } from './numbered-usage.js';

/**
 * The short form plays the long one with smaller bounds: in both a plan may hold more rows than the pause allows to wait, and
 * kills come when so much of the backlog is priced or stored.
 */
const { events, planRowsMax, waitingRowsMax, pricedShares, storedShares } = byTestLength({
  short: {
    events: 30_000,
    planRowsMax: 300,
    waitingRowsMax: 150,
    pricedShares: [0.02, 0.1],
    storedShares: [0, 0.02],
  },
  long: {
    events: 1_000_000,
    planRowsMax: 50_000,
    waitingRowsMax: 30_000,
    pricedShares: [0.2, 0.5],
    storedShares: [0.1, 0.4],
  },
});
const BATCH = 1_000;
/** Every so many batches one is sent twice. */
const REPEATED_ONE_OF = 10;
const SENDERS = 4;
const PRICING = ['pricing-worker', 'pricing-worker-2'] as const;
const AGGREGATORS = ['aggregator', 'aggregator-2'] as const;
const BOUNDS = { PLAN_ROWS_MAX: String(planRowsMax), WAITING_ROWS_MAX: String(waitingRowsMax) };
const MOMENT_MS_MAX = 240_000;
const DRAINED_MS_MAX = 1_200_000;
const SETTLED_MS_MAX = 30_000;

/** Limits that no counter reaches: what is held against the sums is the counters. */
const BUDGETS = [
  { name: 'lifetime', on: 'cost', per: ['customer'], window: { kind: 'lifetime' } },
  {
    name: 'day',
    on: 'tokens',
    per: ['model'],
    window: { kind: 'calendar', unit: 'day', time_zone: 'UTC' },
  },
];

interface StandingPlan {
  token: string;
  rows: number;
}

const usage = new NumberedUsage();
let test: LoadedPlatform;
let budgets: Map<string, string>;

beforeAll(async () => {
  // Neither pricing nor an aggregator runs yet: what is accepted stays where it is.
  test = await startLoadedPlatform('backlog-killed', { apps: ['ingest-api', 'console'] });
  const client = ApiClient.of(test.platform);
  budgets = new Map();
  for (const budget of BUDGETS) {
    const body = { ...budget, scope: {}, limit: '1000000000000' };
    const answer = await client.ask<{ id: string }>('POST', '/v1/budgets', { body });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    budgets.set(budget.name, answer.body.id);
  }
});
afterAll(() => test.end());

/** Sends all events and gives how many were sent a second time. */
async function sendAll(): Promise<number> {
  let repeated = 0;
  let left = events / BATCH;
  const send = async () => {
    while (left > 0) {
      const isRepeated = left-- % REPEATED_ONE_OF === 0;
      const batch = usage.next(BATCH);
      await post(batch);
      if (!isRepeated) continue;
      await post(batch);
      repeated += BATCH;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  return repeated;
}

/** What is not answered 202 is repeated until it is. */
async function post(batch: readonly object[]): Promise<void> {
  const { platform } = test;
  for (;;) {
    const answer = await fetch(`${platform.url('ingest-api')}/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${platform.demoAccess.apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ events: batch }),
      signal: AbortSignal.timeout(30_000),
    });
    await answer.text();
    if (answer.status === 202) return;
    expect([429, 503]).toContain(answer.status);
    await delay(50);
  }
}

async function startOwners(): Promise<void> {
  const { platform } = test;
  const pricing = { env: test.envOf('pricing-worker') };
  await Promise.all([
    platform.startApp('pricing-worker', pricing),
    platform.startApp('pricing-worker', { name: 'pricing-worker-2', ...pricing }),
    platform.startApp('aggregator', { env: BOUNDS }),
    platform.startApp('aggregator', { name: 'aggregator-2', env: BOUNDS }),
  ]);
}

/** Comes back at the first moment that `isNow` gives something. */
async function moment<T>(what: string, isNow: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + MOMENT_MS_MAX;
  for (;;) {
    const found = await isNow();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`not within ${MOMENT_MS_MAX} ms: ${what}`);
    await delay(5);
  }
}

async function killPricingTwice(): Promise<void> {
  const { progress } = test.load;
  for (const share of pricedShares) {
    await Promise.all(PRICING.map((name) => test.platform.waitUntilReady(name, 60_000)));
    const { priced, recorded } = await moment(`${share} of the backlog is priced`, async () => {
      const positions = await progress.positions();
      return positions.priced > positions.recorded * share ? positions : null;
    });
    for (const name of PRICING) test.platform.kill(name);
    expect(priced).toBeLessThan(recorded);
  }
}

/**
 * Kills the named aggregators while a plan stands that holds more rows than the pause allows, and gives the plans that they
 * left standing.
 */
async function killInsideLargePlan(
  names: readonly string[],
  share: number,
): Promise<StandingPlan[]> {
  const { platform, load } = test;
  await Promise.all(names.map((name) => platform.waitUntilReady(name, 60_000)));
  await moment(`a plan of more than ${waitingRowsMax} rows behind ${share}`, async () => {
    const plans = await load.progress.standingPlans();
    if (!plans.some(({ rows }) => rows > waitingRowsMax)) return null;
    const { stored, recorded } = await load.progress.positions();
    return stored >= recorded * share ? plans : null;
  });
  for (const name of names) platform.kill(name);
  const left = await load.progress.standingPlans();
  const { stored, recorded } = await load.progress.positions();
  expect(stored).toBeLessThan(recorded);
  return left;
}

/** Both at once, so that nobody is left who knows anything; then one, and the other when it has taken everything over. */
async function killAggregatorsTwice(): Promise<StandingPlan[]> {
  const { progress } = test.load;
  const left = await killInsideLargePlan(AGGREGATORS, storedShares[0]!);
  const [first, second] = AGGREGATORS;
  left.push(...(await killInsideLargePlan([first], storedShares[1]!)));
  const before = await progress.takeOvers();
  await moment('the partitions are taken over', async () =>
    (await progress.takeOvers()) > before ? true : null,
  );
  left.push(...(await killInsideLargePlan([second], 0)));
  return left;
}

/** By slice: events, tokens in and out, dollars. */
async function sumsOf(sql: string): Promise<Record<string, string>> {
  const rows = (await test.load.query(sql)) as string[][];
  return Object.fromEntries(rows.map(([name, ...sums]) => [name!, sums.join(' ')]));
}

async function expectExactSums(): Promise<void> {
  const ofProject = `project = '${test.platform.demoAccess.project}'`;
  const tokensAndCost = (table: string) =>
    ['input_tokens', 'output_tokens', 'cost']
      .map((column) => `toString(sum(${table}.${column}))`)
      .join(', ');
  const expected = usage.sumsBy(({ customer, model, day }) => `${customer} ${model} ${day}`);
  expect(
    await sumsOf(`
      SELECT concat(customer, ' ', model, ' ', toString(toDate(event_time))) AS slice, toString(count()), ${tokensAndCost('usage_raw')}
      FROM usage_raw WHERE ${ofProject} GROUP BY slice`),
  ).toEqual(expected);
  expect(
    await sumsOf(`
      SELECT concat(customer, ' ', model, ' ', toString(day)) AS slice, toString(sum(events)), ${tokensAndCost('usage_per_day')}
      FROM usage_per_day WHERE ${ofProject} GROUP BY slice`),
  ).toEqual(expected);
  expect(
    await sumsOf(`
      SELECT concat(model, ' ', toString(toDate(hour))) AS slice, toString(sum(events)), ${tokensAndCost('usage_per_hour')}
      FROM usage_per_hour WHERE ${ofProject} GROUP BY slice`),
  ).toEqual(usage.sumsBy(({ model, day }) => `${model} ${day}`));
}

/** Each event, each identity and each repeat once. */
async function expectNoDoubles(repeatedAtLeast: number): Promise<void> {
  const ofProject = `project = '${test.platform.demoAccess.project}'`;
  const position = '(origin_cluster, origin_partition, origin_offset, origin_index)';
  const [counts] = await test.load.query(`
    SELECT
      (SELECT (toUInt32(count()), toUInt32(uniqExact(id)), toUInt32(uniqExact${position})) FROM usage_raw WHERE ${ofProject}),
      (SELECT (toUInt32(count()), toUInt32(uniqExact(identity))) FROM usage_identities WHERE ${ofProject}),
      (SELECT toUInt32(count()) FROM usage_set_aside WHERE ${ofProject}),
      (SELECT toUInt32(uniqExactIf(${position}, decided_as = 'repeat')) FROM usage_set_aside WHERE ${ofProject})`);
  const [raw, identities, setAside, repeats] = counts as [number[], number[], number, number];
  expect(raw).toEqual([events, events, events]);
  expect(identities).toEqual([events, events]);
  expect(setAside).toBe(repeats);
  expect(repeats).toBeGreaterThanOrEqual(repeatedAtLeast);
}

async function expectExactCounters(): Promise<void> {
  const { engines } = test.platform.surroundings;
  const { project } = test.platform.demoAccess;
  const [lifetime, day] = [budgets.get('lifetime')!, budgets.get('day')!];
  const expected = {
    lifetime: usage.countersBy(
      ({ customer }) => `null {"customer":"${customer}"}`,
      ({ pico }) => pico,
    ),
    day: usage.countersBy(
      (slice) => `${Date.parse(slice.day)} {"model":"${slice.model}"}`,
      ({ input, output }) => BigInt(input + output),
    ),
  };
  const read = async () => {
    const stored = await readStoredCounters(engines.redisUrl, project, new Set([lifetime]));
    return { lifetime: stored.get(lifetime), day: stored.get(day) };
  };
  // What is stored is counted; the console's own look needs nothing more.
  await eventually(
    async () => ((await read()).lifetime?.size === expected.lifetime.size ? true : null),
    SETTLED_MS_MAX,
  ).catch(() => undefined);
  expect(await read()).toEqual(expected);
}

/** A plan that was left standing is in the tables under its own token, with as many rows as it was written for. */
async function expectWhole(plans: readonly StandingPlan[]): Promise<void> {
  for (const { token, rows } of plans) {
    const [counts] = await test.load.query(`
      SELECT (SELECT toUInt32(count()) FROM usage_raw WHERE plan_token = '${token}')
        + (SELECT toUInt32(count()) FROM usage_set_aside WHERE plan_token = '${token}')`);
    expect([token, ...counts!]).toEqual([token, rows]);
  }
}

describe(`a backlog of ${events} events, drained by two owners that are killed twice each`, () => {
  it('is stored and counted exactly', async () => {
    const { load } = test;
    const startedMs = Date.now();
    const repeated = await sendAll();
    const sentMs = Date.now();
    await startOwners();
    const [left] = await Promise.all([killAggregatorsTwice(), killPricingTwice()]);
    const killedMs = Date.now();
    await load.progress.waitUntilStored(DRAINED_MS_MAX);
    const drainedMs = Date.now();
    const seconds = (fromMs: number, toMs: number) => Math.round((toMs - fromMs) / 1_000);
    process.stderr.write(
      `backlog: ${events} events sent in ${seconds(startedMs, sentMs)} s, drained in ${seconds(sentMs, drainedMs)} s, ` +
        `the last kill after ${seconds(sentMs, killedMs)} s; rows of plans left standing: ${left.map(({ rows }) => rows).join(', ')}\n`,
    );
    expect(Math.max(...left.map(({ rows }) => rows))).toBeGreaterThan(waitingRowsMax);
    await expectNoDoubles(repeated);
    await expectExactSums();
    await expectExactCounters();
    await expectWhole(left);
  }, 1_500_000);
});
