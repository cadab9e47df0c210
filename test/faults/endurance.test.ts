import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byTestLength, eventually, type LoadedPlatform, startLoadedPlatform } from '#testing';
import { ApiClient } from '../e2e/api-client.js';
import { readStoredCounters } from '../invariants/stored-counters.js';
import { MemoryWatch } from './memory-watch.js';
import { COST_OF_AN_EVENT, CUSTOMERS, SteadyLoad, TAGS } from './steady-load.js';

const APPS = ['ingest-api', 'pricing-worker', 'aggregator', 'notifier', 'console'] as const;
const ENGINES = ['kafka', 'clickhouse', 'postgres', 'redis'];

/** The long form is an hour at about half of what the pipe takes on two cores. */
const { forMs, eventsPerSecond, troubleEveryMs, lookEveryMs, judgesGrowth } = byTestLength({
  short: {
    forMs: 25_000,
    eventsPerSecond: 400,
    troubleEveryMs: 4_000,
    lookEveryMs: 500,
    // Nothing lives long enough to say whether it grows.
    judgesGrowth: false,
  },
  long: {
    forMs: 3_600_000,
    eventsPerSecond: 7_000,
    troubleEveryMs: 60_000,
    lookEveryMs: 10_000,
    judgesGrowth: true,
  },
});
const STOPPED_MS_MAX = 3_000;
const SETTLED_MS_MAX = 280_000;
/** Allocators give back late: a leak of an hour is more than this. */
const GROWTH_MAX = 1.5;
/** What no process may ever hold, in an hour or in half a minute: filters of 192 MiB and a heap that is full of plans. */
const MIB_MAX = 1_536;

/** Sums over all that is stored, made while usage comes in: each has to be seeded from the whole history. */
const EXPENSIVE = [
  { name: 'lifetime', on: 'cost', per: ['customer', 'tag'], window: { kind: 'lifetime' } },
  {
    name: 'year',
    on: 'tokens',
    per: ['tag'],
    window: { kind: 'calendar', unit: 'year', time_zone: 'UTC' },
  },
  {
    name: 'hours',
    on: 'events',
    per: ['customer'],
    window: { kind: 'calendar', unit: 'hour', time_zone: 'UTC' },
  },
];

let test: LoadedPlatform;
let client: ApiClient;

beforeAll(async () => {
  test = await startLoadedPlatform('endurance', { apps: APPS });
  client = ApiClient.of(test.platform);
});
afterAll(() => test.end());

async function createBudget(budget: object, n: number): Promise<string> {
  const body = { ...budget, limit: '1000000000', scope: {}, name: `expensive ${n}` };
  const headers = { 'idempotency-key': body.name };
  const answer = await eventually(async () => {
    const created = await client
      .ask<{ id: string }>('POST', '/v1/budgets', { body, headers })
      .catch(() => null);
    // The console or its database may just have been killed.
    return created !== null && created.status < 500 ? created : null;
  }, 60_000);
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.body.id;
}

/** Kills or stops one process after another and makes an expensive budget now and then. Gives the budgets by their names. */
async function trouble(untilMs: number): Promise<Map<string, string>> {
  const { platform, random } = test;
  const budgets = new Map<string, string>();
  for (let n = 0; n < EXPENSIVE.length || Date.now() < untilMs; n++) {
    const wish = EXPENSIVE[n];
    if (wish) budgets.set(wish.name, await createBudget(wish, n));
    await delay(random.between(troubleEveryMs / 2, troubleEveryMs));
    const name = random.pick([...APPS, ...ENGINES]);
    if (random.happens(0.7)) {
      platform.kill(name);
    } else {
      await platform.stopProcess(name);
      await delay(random.between(0, STOPPED_MS_MAX));
      await platform.start(name, { env: test.envOf(name as (typeof APPS)[number]) });
    }
  }
  return budgets;
}

/** Every counter of a budget, once all partitions hold what is stored. */
async function countersOf(
  budget: string,
): Promise<{ key: Record<string, string>; spent: string }[]> {
  return eventually(async () => {
    const answer = await client
      .ask<{
        data: { key: Record<string, string>; spent: string | null; state: string }[];
      }>('GET', `/v1/budgets/${budget}/counters?limit=1000`)
      .catch(() => null);
    if (answer?.status !== 200 || answer.body.data.some(({ spent }) => spent === null)) return null;
    return answer.body.data.map(({ key, spent }) => ({ key, spent: spent! }));
  }, SETTLED_MS_MAX);
}

/** What a budget by the hour has counted of each customer, over all hours: those that are over are in Redis alone. */
async function hoursOf(budget: string): Promise<Map<string, bigint>> {
  const { platform } = test;
  const { redisUrl } = platform.surroundings.engines;
  const counters = await readStoredCounters(redisUrl, platform.demoAccess.project, new Set());
  const sums = new Map<string, bigint>();
  for (const [name, spent] of counters.get(budget) ?? []) {
    const customer = name.slice(name.indexOf(' ') + 1);
    sums.set(customer, (sums.get(customer) ?? 0n) + spent);
  }
  return sums;
}

describe(`${forMs / 60_000} minutes under load, kills and stops`, () => {
  it('leave sums exact and memory bounded', async () => {
    const { platform, load } = test;
    const watch = new MemoryWatch(platform, APPS, lookEveryMs);
    const { apiKey } = platform.demoAccess;
    const steady = new SteadyLoad({
      url: () => platform.url('ingest-api'),
      apiKey,
      eventsPerSecond,
    });
    const [outcome] = await Promise.allSettled([trouble(Date.now() + forMs)]);
    await steady.stop();
    if (outcome.status === 'rejected') throw outcome.reason;
    const budgets = outcome.value;
    watch.stop();
    await Promise.all([...APPS, ...ENGINES].map((name) => platform.waitUntilReady(name, 60_000)));
    await load.progress.waitUntilStored(SETTLED_MS_MAX);

    const sent = BigInt(steady.acknowledged);
    const cost = sent * COST_OF_AN_EVENT;
    const most = watch.mostMiB();
    const growth = watch.growth();
    process.stderr.write(
      `endurance: ${sent} events, most memory in MiB ${JSON.stringify(most)}, growth ${JSON.stringify([...growth])}\n`,
    );
    const [row] = await load.query(`
      SELECT toString(count()), toString(uniqExact(id)), toString(sum(cost) * 1000000000000),
        (SELECT toString(sum(cost) * 1000000000000) FROM usage_per_hour),
        (SELECT toString(sum(cost) * 1000000000000) FROM usage_per_day)
      FROM usage_raw WHERE startsWith(id, 'steady-')`);
    const asIntegers = row!.map((value) => BigInt(String(value).split('.')[0]!));
    expect(asIntegers).toEqual([sent, sent, cost, cost, cost]);

    const perTag = await countersOf(budgets.get('year')!);
    expect(perTag).toHaveLength(TAGS);
    const tokens = perTag.reduce((sum, { spent }) => sum + BigInt(spent), 0n);
    expect(tokens).toBe(sent * 1_500n);
    const lifetime = await countersOf(budgets.get('lifetime')!);
    // 100 pairs of customer and tag go with one another: both follow from the number of the event.
    expect(lifetime).toHaveLength((CUSTOMERS * TAGS) / 10);
    expect(lifetime.reduce((sum, { spent }) => sum + picoOf(spent), 0n)).toBe(cost);

    // Every event falls into one hour of one customer, and customers take turns.
    const hours = budgets.get('hours')!;
    await eventually(async () => {
      const spent = [...(await hoursOf(hours)).values()];
      return spent.reduce((sum, one) => sum + one, 0n) === sent ? true : null;
    }, SETTLED_MS_MAX).catch(() => undefined);
    expect(await hoursOf(hours)).toEqual(
      new Map(
        Array.from({ length: CUSTOMERS }, (_, n) => [
          `{"customer":"customer-${n}"}`,
          sent / BigInt(CUSTOMERS),
        ]),
      ),
    );

    if (judgesGrowth) {
      expect([...growth.keys()]).toEqual([...APPS]);
      expect([...growth].filter(([, times]) => times > GROWTH_MAX)).toEqual([]);
    }
    expect(Object.entries(most).filter(([, mib]) => mib > MIB_MAX)).toEqual([]);
  });
});

function picoOf(dollars: string): bigint {
  const [whole = '0', fraction = ''] = dollars.split('.');
  return BigInt(whole) * 1_000_000_000_000n + BigInt(fraction.padEnd(12, '0'));
}
