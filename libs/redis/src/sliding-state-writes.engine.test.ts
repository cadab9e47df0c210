import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { testEngines } from '#testing';
import { connectRedis } from './connect-redis.js';
import { type CounterStep, CounterWrites } from './counter-writes.js';
import { decodePendingAlert } from './pending-alert.js';
import { PendingAlertWrites } from './pending-alert-writes.js';
import { PendingAlerts } from './pending-alerts.js';
import type { SlidingCheck } from './sliding-check.js';
import { SlidingStates } from './sliding-states.js';
import { SlidingStateWrites } from './sliding-state-writes.js';

const redis = connectRedis(testEngines().redisUrl);
const counters = new CounterWrites(redis);
const states = new SlidingStates(redis);
const stateWrites = new SlidingStateWrites(redis);
const pending = new PendingAlerts(redis);
const pendingWrites = new PendingAlertWrites(redis);

const SECOND = 1_000;
/** A span of 60 s, so buckets of one second; this is a bucket's start. */
const T0 = Date.UTC(2026, 10, 2);
const ALL = JSON.stringify({});
const at = (ms: number) => new Date(ms).toISOString();

afterAll(() => redis.disconnect());

async function makeProject(partitions = 1) {
  if (redis.status !== 'ready') await new Promise((ready) => redis.once('ready', ready));
  const project = `test-${randomUUID()}`;
  const marks = new Map<number, string>();
  let sequence = 0;

  const checkAt = (nowMs: number, change: Partial<SlidingCheck> = {}): SlidingCheck => ({
    watchId: 'w1',
    definition: 'w1:d1',
    bucketMs: SECOND,
    bucketStartMs: Math.floor(nowMs / SECOND) * SECOND,
    partitions,
    version: 1,
    limitsArming: 1,
    measured: {
      by: 'amount',
      thresholds: [
        { name: '50%', amount: 50n },
        { name: '100%', amount: 100n },
      ],
    },
    boundName: '100%',
    baselineHourMs: null,
    binGrowth: 1.1,
    eventsMin: 0,
    keysMax: 1_000,
    watch: '{"watch":"w1"}',
    counters: [],
    ...change,
  });
  const adopt = async (partition: number) => {
    sequence += 1;
    const request = { project, partition, cluster: 'c1', epoch: 9n, position: 0n, sequence };
    marks.set(partition, (await counters.adopt(request))!.mark);
  };
  /** One call of a partition's owner: adds a step at `usedMs`, and judges at `nowMs`. */
  const use = async (
    step: { amount?: bigint; events?: number; bins?: [number, number][]; key?: string } | null,
    [usedMs, nowMs]: [number, number],
    { partition = 0, ...change }: Partial<SlidingCheck> & { partition?: number } = {},
  ) => {
    if (!marks.has(partition)) await adopt(partition);
    const next = `c1|9|${++sequence}|${sequence}`;
    const key = step?.key ?? ALL;
    const added: CounterStep = {
      key,
      amount: step?.amount ?? 0n,
      eventTime: at(usedMs),
      events: step?.events ?? null,
      bins: step?.bins ? new Map(step.bins) : null,
    };
    const answer = await counters.count({
      project,
      partition,
      expected: marks.get(partition)!,
      next,
      at: at(nowMs),
      seeds: [{ definition: 'w1:d1', revision: 'any' }],
      seeding: [],
      groups: [
        {
          definition: 'w1:d1',
          windowStartMs: Math.floor(usedMs / SECOND) * SECOND,
          keepMs: 600_000,
          keysMax: 1_000,
          thresholds: [],
          limit: 0n,
          revision: '',
          watch: '""',
          steps: step ? [added] : [],
          recheck: null,
        },
      ],
      sliding: [checkAt(nowMs, { counters: [{ key, eventTime: at(usedMs) }], ...change })],
      level: 'caught_up',
    });
    expect(answer.applied).toBe(true);
    marks.set(partition, next);
    return answer;
  };
  const tick = (nowMs: number, change: Partial<SlidingCheck> = {}) =>
    stateWrites.judge(project, at(nowMs), [
      checkAt(nowMs, { counters: [{ key: ALL, eventTime: at(nowMs) }], ...change }),
    ]);
  /** What is pending, as `kind threshold arming amount`, and takes it away. */
  const raised = async () => {
    const entries = await pending.read(project);
    await pendingWrites.shorten(project, entries);
    return entries.map((entry) => {
      const { kind, threshold, arming, amount, cause, measured } = decodePendingAlert(entry);
      const value = measured ?? String(amount);
      return [kind, threshold, arming, value, cause].filter((part) => part !== '').join(' ');
    });
  };
  return { project, adopt, use, tick, raised };
}

describe('a counter over a sliding span', () => {
  it('raises each threshold once an arming, recovers as time passes, and raises again', async () => {
    const { use, tick, raised } = await makeProject();
    await use({ amount: 50n }, [T0 - 59 * SECOND, T0]);
    await use({ amount: 60n }, [T0, T0]);
    await use({ amount: 1n }, [T0, T0]);
    expect(await raised()).toEqual(['crossed 50% 1 50', 'crossed 100% 1 110']);
    // A second later the first 50 are older than a minute: 61 are left.
    await tick(T0 + SECOND);
    await tick(T0 + SECOND);
    expect(await raised()).toEqual(['recovered 100% 1 61 window']);
    await use({ amount: 39n }, [T0 + SECOND, T0 + SECOND]);
    expect(await raised()).toEqual(['crossed 100% 2 100']);
    await tick(T0 + 61 * SECOND);
    await use({ amount: 50n }, [T0 + 61 * SECOND, T0 + 61 * SECOND]);
    expect(await raised()).toEqual(['recovered 100% 2 0 window', 'crossed 50% 3 50']);
  });

  it('never counts what is older than the span', async () => {
    const { use, raised } = await makeProject();
    await use({ amount: 70n }, [T0 - 60 * SECOND, T0]);
    await use({ amount: 49n }, [T0, T0]);
    expect(await raised()).toEqual([]);
  });

  it('adds exactly beyond 2^53', async () => {
    const { use, raised } = await makeProject();
    const limit = 9_007_199_254_740_993_000_000_001n;
    const measured = { by: 'amount' as const, thresholds: [{ name: '100%', amount: limit }] };
    await use({ amount: 9_007_199_254_740_993_000_000_000n }, [T0, T0], { measured });
    expect(await raised()).toEqual([]);
    await use({ amount: 1n }, [T0 + SECOND, T0 + SECOND], { measured });
    expect(await raised()).toEqual([`crossed 100% 1 ${limit}`]);
  });

  it('is fed by the owners of two partitions, and judged whole', async () => {
    const { use, tick, raised } = await makeProject(2);
    await use({ amount: 60n }, [T0, T0], { partition: 0 });
    await use({ amount: 40n }, [T0, T0], { partition: 1 });
    expect(await raised()).toEqual(['crossed 50% 1 60', 'crossed 100% 1 100']);
    // Clocks that differ by a second do not make it flap.
    await tick(T0 + 60 * SECOND);
    await tick(T0 + 59 * SECOND);
    expect(await raised()).toEqual(['recovered 100% 1 0 window']);
  });

  it('does not recover before every partition has brought its usage', async () => {
    const { adopt, use, tick, raised } = await makeProject(2);
    await use({ amount: 100n }, [T0, T0]);
    expect(await raised()).toHaveLength(2);
    expect((await tick(T0 + 60 * SECOND)).waiting).toBe(1);
    await use(null, [T0, T0 + 60 * SECOND], { partition: 1, counters: [] });
    await adopt(0);
    expect((await tick(T0 + 60 * SECOND)).waiting).toBe(1);
    expect(await raised()).toEqual([]);
    await use(null, [T0, T0 + 60 * SECOND], { partition: 0, counters: [] });
    await tick(T0 + 60 * SECOND);
    expect(await raised()).toEqual(['recovered 100% 1 0 window']);
  });

  it('goes on after a loss where the outbox says it stood', async () => {
    const { project, use, tick, raised } = await makeProject();
    const known = { key: ALL, since: at(T0), limitsArming: 1 };
    await stateWrites.restore(
      project,
      'w1',
      [{ ...known, reached: ['50%', '100%'], arming: 7 }],
      1,
    );
    await use({ amount: 120n }, [T0, T0]);
    expect(await raised()).toEqual([]);
    // What is known from before does not take it back.
    await stateWrites.restore(project, 'w1', [{ ...known, reached: [], arming: 7 }], 1);
    await tick(T0 + 60 * SECOND);
    await use({ amount: 55n }, [T0 + 60 * SECOND, T0 + 60 * SECOND]);
    expect(await raised()).toEqual(['recovered 100% 7 0 window', 'crossed 50% 8 55']);
    expect(await states.firing(project)).toEqual([{ watchId: 'w1', key: ALL }]);
  });

  it('is held against new limits, and no more against old ones', async () => {
    const { use, tick, raised } = await makeProject();
    await use({ amount: 110n }, [T0, T0]);
    await raised();
    const limits = (limit: bigint, limitsArming: number) => ({
      version: limitsArming,
      limitsArming,
      measured: { by: 'amount' as const, thresholds: [{ name: '100%', amount: limit }] },
    });
    await tick(T0, limits(200n, 2));
    await use({ amount: 1n }, [T0, T0]);
    expect(await raised()).toEqual(['recovered 100% 1 110 limit']);
    await tick(T0, limits(105n, 3));
    await tick(T0, limits(106n, 4));
    expect(await raised()).toEqual(['crossed 100% 2 111', 'crossed 100% 3 111']);
  });
});

describe('a rate', () => {
  const bound = 'bound';

  it('of errors is their share, with a least number of events', async () => {
    const { use, raised } = await makeProject();
    const errors = {
      boundName: bound,
      eventsMin: 20,
      measured: { by: 'share' as const, bound: 0.05 },
    };
    await use({ amount: 1n, events: 19 }, [T0, T0], errors);
    expect(await raised()).toEqual([]);
    // 1 of 20 is the bound itself, 1 of 21 is below.
    await use({ amount: 0n, events: 1 }, [T0, T0], errors);
    await use({ amount: 0n, events: 1 }, [T0, T0], errors);
    expect(await raised()).toEqual([
      'crossed bound 1 0.050000',
      'recovered bound 1 0.047619 window',
    ]);
  });

  it('of latency is a percentile over all buckets', async () => {
    const { use, raised } = await makeProject();
    const slow = {
      boundName: bound,
      eventsMin: 1,
      measured: { by: 'latency' as const, percentile: 0.95, bound: 950 },
    };
    // 100 ms lies in bin 49 (1.1^48 = 97.0, 1.1^49 = 106.7), 1,000 ms in bin 73 (1.1^72 = 955.6, 1.1^73 = 1051.2).
    await use({ events: 95, bins: [[49, 95]] }, [T0, T0], slow);
    await use({ events: 5, bins: [[73, 5]] }, [T0 + SECOND, T0 + SECOND], slow);
    expect(await raised()).toEqual([]);
    // The 96th of 101 is the first slow one; the middle of its bin is 2 * 1051.153 / 2.1.
    await use({ events: 1, bins: [[73, 1]] }, [T0 + SECOND, T0 + SECOND], slow);
    const [only, ...others] = await raised();
    expect(others).toEqual([]);
    expect(only).toMatch(/^crossed bound 1 1001\.\d{6}$/);
  });

  it('says the bound that earlier days gave, as an amount or as a level', async () => {
    const { project, use } = await makeProject();
    const ofDays = { boundName: bound, baselineHourMs: T0 };
    const amounts = { ...ofDays, measured: { by: 'amount' as const, thresholds: [] } };
    await stateWrites.setBaseline(project, 'w1:d1', T0, new Map([[ALL, 3_250_000_000_000n]]));
    await use({ amount: 4_500_000_000_000n }, [T0, T0], amounts);
    const shares = { ...ofDays, watchId: 'w2', baselineHourMs: T0 + 3_600_000 };
    await stateWrites.setBaseline(project, 'w1:d1', T0 + 3_600_000, new Map([[ALL, 0.025]]));
    const measured = { by: 'share' as const, bound: null };
    await use({ events: 20 }, [T0, T0], { ...shares, measured });
    const entries = await pending.read(project);
    const time = '2026-11-02T00:00:00.000Z';
    const head = `{"kind":"crossed","threshold":"bound","counter":{},"hi":"4","lo":"500000000000","event_time":"${time}","raised_at":"${time}","arming":1,"cause":""`;
    // 4.5 * 10^12 over 20 events.
    expect(entries).toEqual([
      `${head},"bound":"3:250000000000","watch":{"watch":"w1"}}`,
      `${head},"measured":"225000000000.000000","bound":"0.025000","watch":{"watch":"w1"}}`,
    ]);
    expect(entries.map(decodePendingAlert)).toMatchObject([
      { amount: 4_500_000_000_000n, measured: null, bound: 3_250_000_000_000n },
      { measured: '225000000000.000000', bound: '0.025000' },
    ]);
  });
});
