import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { latencyBinOf } from '#meters';
import { Clock } from '#platform';
import { readWatchChanges } from '#postgres';
import { SlidingStateWrites } from '#redis/writes';
import { compileRate } from '#watches';
import { ConsoleHarness } from './console-harness.js';
import { type CountedUsage, CountersInRedis } from './counters-in-redis.js';

const RATES = '/v1/rates';
const RATE = { name: 'A minute', on: 'requests', over_seconds: 60, limit: '5' };
const NOW = Date.UTC(2026, 10, 14, 12);
const SINCE = '2026-11-14T11:59:58.000Z';

let harness: ConsoleHarness;
let counters: CountersInRedis;
let mine: { project: string; key: string };

beforeAll(async () => {
  [harness, counters] = [await ConsoleHarness.open(), await CountersInRedis.open()];
});
afterAll(async () => {
  counters.close();
  await harness.close();
});
beforeEach(async () => {
  mine = await harness.newProject();
  jest.spyOn(harness.app.get(Clock), 'now').mockReturnValue(NOW);
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function newRate(change: object = {}) {
  const body = { ...RATE, ...change };
  const made = await harness.call('POST', RATES, { key: mine.key, body });
  const { rates } = await readWatchChanges(harness.postgres, 0n);
  return compileRate(rates.find(({ id }) => id === made.body['id'])!);
}

type Compiled = Awaited<ReturnType<typeof newRate>>;

const standing = async ({ rate }: Compiled) =>
  (await harness.call('GET', `${RATES}/${rate.id}`, { key: mine.key })).body;

const used = (secondsAgo: number, amount: bigint, more: Partial<CountedUsage> = {}) => ({
  amount,
  atMs: NOW - secondsAgo * 1_000,
  events: Number(amount),
  ...more,
});

/** As the aggregator leaves it when it has judged. */
function judge({ rate }: Compiled, reached: string[]): Promise<unknown> {
  const state = { key: '{}', reached, arming: 1, since: SINCE, limitsArming: 0 };
  return new SlidingStateWrites(counters.redis).restore(rate.project, rate.id, [state], 0);
}

describe('a rate', () => {
  it('shows the sum of its last sixty buckets', async () => {
    const rate = await newRate();
    await counters.count(rate, [used(60, 9n), used(59, 2n), used(0, 1n)]);
    expect(await standing(rate)).toMatchObject({
      ...RATE,
      state: 'ok',
      exceeded_since: null,
      value: '3',
      events: 3,
      limit_in_force: '5',
    });
  });

  it('is exceeded from when it was judged so', async () => {
    const rate = await newRate();
    await counters.count(rate, [used(1, 7n)]);
    await judge(rate, ['bound']);
    expect(await standing(rate)).toMatchObject({
      state: 'exceeded',
      exceeded_since: SINCE,
      value: '7',
    });
  });

  it('of errors and latencies is a share and a percentile', async () => {
    const errors = await newRate({ on: 'errors', limit: '0.1' });
    await counters.count(errors, [used(1, 1n, { events: 8 })]);
    expect(await standing(errors)).toMatchObject({ value: '0.125', events: 8 });
    const latency = await newRate({ on: 'latency_p50', limit: '500' });
    const bins = new Map([
      [latencyBinOf(100), 5],
      [latencyBinOf(2_000), 2],
    ]);
    await counters.count(latency, [used(1, 0n, { events: 7, bins })]);
    const { value, events } = (await standing(latency)) as { value?: string; events?: number };
    expect(events).toBe(7);
    expect(Math.abs(Number(value) - 100)).toBeLessThan(4.8);
  });

  it('against earlier days shows the bound that they give, and without one no state', async () => {
    const rate = await newRate({ limit: undefined, change_percent: 50 });
    await counters.count(rate, [used(1, 7n)]);
    expect(await standing(rate)).toMatchObject({
      state: 'no_data',
      limit_in_force: null,
      value: '7',
    });
    const { project } = rate.rate;
    const bounds = new Map([['{}', 90n]]);
    await new SlidingStateWrites(counters.redis).setBaseline(project, rate.definition, NOW, bounds);
    expect(await standing(rate)).toMatchObject({ state: 'ok', limit_in_force: '90' });
  });

  it('that some partition has not brought its usage to has no data, and no zero', async () => {
    const rate = await newRate();
    await counters.count(rate, [used(1, 7n)], 11);
    expect(await standing(rate)).toMatchObject({ state: 'no_data', value: null, events: null });
  });

  it('has no data while Redis is away', async () => {
    const bare = await ConsoleHarness.open({ redisUrl: 'redis://127.0.0.1:9' });
    try {
      const { key } = await bare.newProject();
      const made = await bare.call('POST', RATES, { key, body: RATE });
      const { status, body } = await bare.call('GET', `${RATES}/${String(made.body['id'])}`, {
        key,
      });
      expect([status, body['state'], body['value'], body['limit_in_force']]).toEqual([
        200,
        'no_data',
        null,
        '5',
      ]);
    } finally {
      await bare.close();
    }
  });

  it('with counters of its own for each value says nothing as a whole', async () => {
    const rate = await newRate({ per: ['customer'] });
    const body = await standing(rate);
    expect(['state', 'value', 'events', 'as_of'].map((field) => body[field])).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
