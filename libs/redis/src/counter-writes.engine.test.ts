import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { testEngines } from '#testing';
import { connectRedis } from './connect-redis.js';
import { type CounterGroup, type CounterRecheck, CounterWrites } from './counter-writes.js';
import { decodePendingAlert } from './pending-alert.js';
import { PendingAlertWrites } from './pending-alert-writes.js';
import { PendingAlerts } from './pending-alerts.js';
import { readCounterSums } from './read-counter-sums.js';

const redis = connectRedis(testEngines().redisUrl);
const counters = new CounterWrites(redis);
const pending = new PendingAlerts(redis);
const pendingWrites = new PendingAlertWrites(redis);

afterAll(() => redis.disconnect());

async function makeProject() {
  if (redis.status !== 'ready') await new Promise((ready) => redis.once('ready', ready));
  const project = `test-${randomUUID()}`;
  const adopt = (epoch: bigint, sequence: number) =>
    counters.adopt({ project, partition: 0, cluster: 'c1', epoch, position: 7n, sequence });
  const count = (expected: string, next: string, group: Partial<CounterGroup>) =>
    counters.count({
      project,
      partition: 0,
      expected,
      next,
      at: '2026-11-02T00:00:01.000Z',
      sliding: [],
      level: 'caught_up',
      seeds: [{ definition: 'b1:d1', revision: 'r1' }],
      seeding: [],
      groups: [
        {
          definition: 'b1:d1',
          windowStartMs: 0,
          keepMs: null,
          keysMax: 2,
          thresholds: [],
          limit: 0n,
          revision: 'r2',
          watch: '{"budget":"b1"}',
          steps: [],
          recheck: null,
          ...group,
        },
      ],
    });
  const read = async () => {
    const request = { project, definition: 'b1:d1', windowStarts: [0], partitions: 1 };
    const sums = await readCounterSums(redis, request, null);
    return sums && Object.fromEntries([...sums].map(([key, { amount }]) => [key, amount]));
  };
  return { project, adopt, count, read };
}

/** From a former limit of 100 to another, all counters in one slice. */
const recheck = (change: Partial<CounterRecheck> = {}): CounterRecheck => ({
  former: { limit: 100n, arming: 3 },
  limitName: '100%',
  cursor: '0',
  workMax: 1_000,
  ...change,
});

const step = (amount: bigint, key = '{}') => ({
  key,
  amount,
  eventTime: '2026-11-02T00:00:00.000Z',
  events: null,
  bins: null,
});

describe('counters in Redis', () => {
  it('add exactly beyond 2^53', async () => {
    const { adopt, count, read } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    await count(mark, 'c1|1|8|2', {
      steps: [step(9_007_199_254_740_993n), step(999_999_999_999n)],
    });
    await count('c1|1|8|2', 'c1|1|9|3', { steps: [step(123_456_789_012_345_678_901n)] });
    // 9007199254740993 + 999999999999 + 123456789012345678901
    expect(await read()).toEqual({ '{}': 123_465_797_211_600_419_893n });
  });

  it('change nothing under another mark', async () => {
    const { adopt, count, read } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    await count(mark, 'c1|1|8|2', { steps: [step(3n)] });
    expect((await count(mark, 'c1|1|9|2', { steps: [step(5n)] })).applied).toBe(false);
    expect(await read()).toEqual({ '{}': 3n });
  });

  it('put each threshold on the pending list as it is crossed, once', async () => {
    const { project, adopt, count } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    const thresholds = [
      { name: '50%', amount: 50n },
      { name: '100%', amount: 100n },
    ];
    const first = await count(mark, 'c1|1|8|2', { thresholds, steps: [step(50n)] });
    expect(first.pendingAlerts).toBe(1);
    await count('c1|1|8|2', 'c1|1|9|3', { thresholds, steps: [step(60n)] });
    const entries = await pending.read(project);
    expect(entries.map((entry) => decodePendingAlert(entry))).toMatchObject([
      { kind: 'crossed', threshold: '50%', amount: 50n, watch: { budget: 'b1' } },
      { kind: 'crossed', threshold: '100%', amount: 110n },
    ]);
    expect(await pendingWrites.shorten(project, [entries[1]!])).toBe(2);
    expect(await pendingWrites.shorten(project, entries)).toBe(0);
  });

  it('raise what is reached already when asked to check, and recovery by a higher limit', async () => {
    const { project, adopt, count } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    await count(mark, 'c1|1|8|2', { steps: [step(110n)] });
    await count('c1|1|8|2', 'c1|1|8|3', {
      thresholds: [{ name: '50%', amount: 100n }],
      limit: 200n,
      recheck: recheck(),
    });
    const entries = (await pending.read(project)).map((entry) => decodePendingAlert(entry));
    expect(entries).toMatchObject([
      { kind: 'crossed', threshold: '50%', raisedAt: '2026-11-02T00:00:01.000Z' },
      { kind: 'recovered', threshold: '100%', arming: 3, cause: 'limit' },
    ]);
  });

  it('that stayed below the former limit have nothing to recover from', async () => {
    const { project, adopt, count } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    const [below, above] = ['a', 'b'].map((customer) => JSON.stringify({ customer }));
    await count(mark, 'c1|1|8|2', { steps: [step(99n, below), step(100n, above)] });
    await count('c1|1|8|2', 'c1|1|8|3', {
      limit: 200n,
      recheck: recheck(),
    });
    const entries = (await pending.read(project)).map((entry) => decodePendingAlert(entry));
    expect(entries.map(({ kind, counter }) => [kind, counter])).toEqual([
      ['recovered', { customer: 'b' }],
    ]);
  });

  it('are held against a lower limit some at a time, each told once', async () => {
    const { project, adopt, count } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    // 20,000 of 50,000 hold what the new limit is, the others one less.
    const added = Array.from({ length: 50_000 }, (_, n) =>
      step(n % 5 < 2 ? 40n : 39n, `{"customer":"${n}"}`),
    );
    let [last, sequence] = [mark, 1];
    const next = async (group: Partial<CounterGroup>) => {
      sequence += 1;
      const answer = await count(last, `c1|1|8|${sequence}`, { keysMax: 100_000, ...group });
      last = `c1|1|8|${sequence}`;
      return answer;
    };
    for (let at = 0; at < added.length; at += 5_000)
      await next({ steps: added.slice(at, at + 5_000) });

    const works: number[] = [];
    const raised: number[] = [];
    const told: string[] = [];
    let cursor = '0';
    do {
      const { rechecked, pendingAlerts } = await next({
        thresholds: [{ name: '100%', amount: 40n }],
        limit: 40n,
        recheck: recheck({ cursor }),
      });
      works.push(rechecked!.work);
      raised.push(pendingAlerts);
      cursor = rechecked!.cursor;
      const entries = await redis.lpop(`{${project}}:pending`, pendingAlerts);
      told.push(...(entries ?? []).map((entry) => decodePendingAlert(entry).counter.customer!));
    } while (cursor !== '0');
    expect(told.map(Number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50_000 }, (_, n) => n).filter((n) => n % 5 < 2),
    );
    // An alert is worth five counters, and behind the bound goes a page of 25 or a few more that may all be told of.
    expect(works.reduce((sum, work) => sum + work, 0)).toBe(50_000 + 5 * 20_000);
    expect(Math.max(...works)).toBeLessThan(1_000 + 35 * 6);
    expect(Math.max(...raised)).toBeLessThan((1_000 + 35 * 6) / 6);
  });

  it('are known to be held against new limits once the last of them was', async () => {
    const { adopt, count } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    const steps = Array.from({ length: 2_000 }, (_, n) => step(1n, `{"customer":"${n}"}`));
    await count(mark, 'c1|1|8|2', { keysMax: 2_000, steps });
    const slice = { limit: 200n, recheck: recheck({ workMax: 1_500 }) };
    const first = await count('c1|1|8|2', 'c1|1|8|3', slice);
    expect((await adopt(1n, 4))!.seeded).toEqual(new Map([['b1:d1', 'r1']]));
    const { cursor } = first.rechecked!;
    const rest = { ...slice, recheck: recheck({ workMax: 1_500, cursor }) };
    const second = await count('c1|1|8|4', 'c1|1|8|5', rest);
    expect(second.rechecked!.cursor).toBe('0');
    expect((await adopt(1n, 6))!.seeded).toEqual(new Map([['b1:d1', 'r2']]));
  });

  it('belong to a watch that is being seeded or to one that is seeded, never to both', async () => {
    const { project, adopt, count, read } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    const seeding = [{ definition: 'b1:d1', text: 'half' }];
    await count(mark, 'c1|1|8|2', { steps: [step(3n)] });
    expect(await read()).toEqual({ '{}': 3n });
    const call = { project, partition: 0, at: '', sliding: [], groups: [] };
    const open = { ...call, seeds: [], seeding, level: null };
    await counters.count({ ...open, expected: 'c1|1|8|2', next: 'c1|1|8|3' });
    expect(await read()).toBeNull();
    expect(await adopt(1n, 4)).toMatchObject({
      seeded: new Map(),
      seeding: new Map([['b1:d1', 'half']]),
    });
    const seeds = [{ definition: 'b1:d1', revision: 'r2' }];
    const closed = { ...call, seeds, seeding: [], level: 'caught_up' as const };
    await counters.count({ ...closed, expected: 'c1|1|8|4', next: 'c1|1|8|5' });
    expect(await read()).toEqual({ '{}': 3n });
    await counters.count({
      ...open,
      level: 'behind',
      seeding: [],
      expected: 'c1|1|8|5',
      next: 'c1|1|8|6',
    });
    expect(await read()).toBeNull();
    expect(await adopt(1n, 7)).toMatchObject({
      seeded: new Map([['b1:d1', 'r2']]),
      seeding: new Map(),
    });
  });

  it('refuse more keys than their bound', async () => {
    const { adopt, count, read } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    const keys = ['a', 'b', 'c'].map((customer) => step(1n, JSON.stringify({ customer })));
    expect((await count(mark, 'c1|1|8|2', { steps: keys })).refusedKeys).toBe(1);
    expect(await read()).toEqual({ '{"customer":"a"}': 1n, '{"customer":"b"}': 1n });
  });

  it('hold what they can of amounts that are too large, and report them', async () => {
    const { project, adopt, count, read } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    // 2^52 trillions less one.
    const most = 4_503_599_627_370_496n * 10n ** 12n - 1n;
    const thresholds = [{ name: '100%', amount: 10n ** 27n }];
    const first = await count(mark, 'c1|1|8|2', { thresholds, steps: [step(most)] });
    expect(first).toEqual({ applied: true, pendingAlerts: 1, refusedKeys: 0, rechecked: null });
    const customer = '{"customer":"a"}';
    const steps = [step(1n), step(10n ** 60n, customer), step(10n ** 60n, customer)];
    const second = await count('c1|1|8|2', 'c1|1|9|3', { thresholds, steps });
    expect(second).toEqual({ applied: true, pendingAlerts: 2, refusedKeys: 3, rechecked: null });
    expect(await read()).toEqual({ '{}': most, [customer]: most });
    expect((await pending.read(project)).map((entry) => decodePendingAlert(entry))).toMatchObject([
      { amount: most, counter: {} },
      { amount: most, counter: { customer: 'a' } },
    ]);
  });

  it('are adopted by a later epoch, where they stand, and refused to an earlier one', async () => {
    const { adopt, count } = await makeProject();
    const { mark } = (await adopt(1n, 1))!;
    expect(mark).toBe('c1|1|7|1');
    await count(mark, 'c1|1|20|2', {});
    expect(await adopt(2n, 1)).toEqual({
      mark: 'c1|2|20|1',
      cluster: 'c1',
      next: 20n,
      seeded: new Map([['b1:d1', 'r1']]),
      seeding: new Map(),
    });
    expect(await adopt(1n, 3)).toBeNull();
    expect((await count('c1|1|20|2', 'c1|1|30|3', {})).applied).toBe(false);
  });
});
