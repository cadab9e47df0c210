import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byTestLength, type LoadedPlatform, startLoadedPlatform } from '#testing';
import { ApiClient } from '../e2e/api-client.js';
import { DrainedBacklog, type StandingPlan } from './drained-backlog.js';
import { NumberedUsage } from './numbered-usage.js';

/**
 * The short form plays the long one with smaller bounds: in both a plan may hold more rows than the pause allows to wait, and
 * kills come when so much of the backlog is priced or stored.
 */
const { events, planRowsMax, waitingRowsMax, pricing, storedShares } = byTestLength({
  short: {
    events: 30_000,
    planRowsMax: 300,
    waitingRowsMax: 150,
    pricing: { diesAtBatch: 2, pricedShare: 0 },
    storedShares: [0, 0.02],
  },
  long: {
    events: 1_000_000,
    planRowsMax: 50_000,
    waitingRowsMax: 30_000,
    pricing: { diesAtBatch: 4, pricedShare: 0.5 },
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

const usage = new NumberedUsage();
let test: LoadedPlatform;
let budgets: Map<string, string>;

beforeAll(async () => {
  // Neither pricing nor an aggregator runs yet: what is accepted stays where it is.
  test = await startLoadedPlatform('backlog-killed', { apps: ['ingest-api', 'console'] });
  const env = test.envOf('pricing-worker');
  await Promise.all(
    PRICING.map(async (name) => {
      await test.platform.startApp('pricing-worker', { name, env });
      await test.platform.stopProcess(name);
    }),
  );
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

async function startAggregators(): Promise<void> {
  await Promise.all(
    AGGREGATORS.map((name) => test.platform.startApp('aggregator', { name, env: BOUNDS })),
  );
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

/**
 * Starts both, each to die by SIGKILL with so many batches produced and nothing of the last one committed; and kills both once more
 * when they have come back and priced something.
 */
async function killPricingTwice(): Promise<void> {
  const { platform, load } = test;
  const deaths = PRICING.map((name) => once(platform.process(name), 'exited'));
  const firstRun = { FAILPOINT: `pricing.after_produce:${pricing.diesAtBatch}` };
  const env = test.envOf('pricing-worker');
  const started = PRICING.map((name) => platform.start(name, { env, firstRun }));
  for (const [exit] of await Promise.all(deaths)) expect(exit).toMatchObject({ signal: 'SIGKILL' });
  const before = await load.progress.pricedRecords();
  await moment(`more of the backlog is priced, and ${pricing.pricedShare} of it`, async () => {
    if ((await load.progress.pricedRecords()) <= before) return null;
    const { priced, recorded } = await load.progress.positions();
    return priced >= recorded * pricing.pricedShare ? true : null;
  });
  for (const name of PRICING) platform.kill(name);
  const { priced, recorded } = await load.progress.positions();
  expect(priced).toBeLessThan(recorded);
  await Promise.all(started);
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

describe(`a backlog of ${events} events, drained by two owners that are killed twice each`, () => {
  it('is stored and counted exactly', async () => {
    const { load } = test;
    const startedMs = Date.now();
    const repeated = await sendAll();
    const sentMs = Date.now();
    await startAggregators();
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
    const drained = new DrainedBacklog(test, usage);
    await drained.expectNoDoubles(events, repeated);
    await drained.expectExactSums();
    await drained.expectExactCounters({
      lifetime: budgets.get('lifetime')!,
      day: budgets.get('day')!,
    });
    await drained.expectWhole(left);
  }, 1_500_000);
});
