import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { eventually, testEngines } from '#testing';
import { connectRedis, serversOf, untilConnected } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import type { SlidingCheck } from './sliding-check.js';
import { SlidingStates } from './sliding-states.js';
import { SlidingStateWrites } from './sliding-state-writes.js';

const COUNTERS = 3_000;
const AT = '2026-11-02T00:00:00.000Z';
const keys = Array.from({ length: COUNTERS }, (_, n) => `{"customer":"${n}"}`);

const redis = connectRedis(testEngines().redisUrl);
const states = new SlidingStates(redis);
const writes = new SlidingStateWrites(redis);
let project: string;
let closeMonitor: () => void;
/** What Redis was told about the project, each with its arguments. */
let commands: string[][];

beforeAll(() => untilConnected(redis, 5_000));
beforeEach(async () => {
  project = `test-${randomUUID()}`;
  commands = [];
  const monitor = await serversOf(redis)[0]!.monitor();
  closeMonitor = () => monitor.disconnect();
  monitor.on('monitor', (_time: string, command: string[]) => {
    if (command.some((part) => part.includes(project))) commands.push(command);
  });
});
afterEach(async () => {
  closeMonitor();
  await redis.unlink(counterKeys.firing(project), counterKeys.states(project, 'w1'));
});
afterAll(() => redis.disconnect());

/** All of the project's commands so far. */
async function seen(): Promise<string[][]> {
  const end = `{${project}}:end`;
  await redis.get(end);
  await eventually(() => (commands.some(([, key]) => key === end) ? true : null), 5_000);
  return commands;
}

const known = keys.map((key) => ({
  key,
  reached: ['100%'],
  arming: 2,
  since: AT,
  limitsArming: 1,
}));

it('what thousands of counters had reached is restored and read some hundreds at a time', async () => {
  expect(await writes.restore(project, 'w1', known, 1)).toEqual(keys);
  const firing = await states.firing(project);
  expect(new Set(firing.map(({ key }) => key))).toEqual(new Set(keys));
  expect(firing).toHaveLength(COUNTERS);
  await writes.forget(project, ['w1']);
  expect(await states.firing(project)).toEqual([]);
  const all = await seen();
  const named = all.map(([command]) => command!.toLowerCase());
  expect(named.filter((name) => name.startsWith('eval')).length).toBeGreaterThanOrEqual(6);
  expect(named).not.toContain('smembers');
  // A scan of a set that is growing or shrinking may bring some more.
  const removed = all.filter(([command]) => command!.toLowerCase() === 'srem');
  expect(Math.max(...removed.map(({ length }) => length))).toBeLessThan(1_300);
});

it('bounds of thousands of counters are written some hundreds at a time, and are there at once', async () => {
  const bounds = new Map(keys.map((key, n) => [key, BigInt(n)]));
  await writes.setBaseline(project, 'w1:d1', 0, bounds);
  const baseline = counterKeys.baseline(project, 'w1:d1', 0);
  expect(await redis.hlen(baseline)).toBe(COUNTERS + 1);
  expect(await redis.hget(baseline, keys[7]!)).toBe('0:7');
  const written = (await seen()).filter(([command]) => command!.toLowerCase() === 'hset');
  // A key, and 500 fields with a value each.
  expect(Math.max(...written.map(({ length }) => length))).toBe(2 + 1_000);
  expect(written.every(([, key]) => key !== baseline)).toBe(true);
  await redis.unlink(baseline);
});

it('the counters of a watch are found some at a time', async () => {
  const buckets = [0, 59].map((back) => counterKeys.counters(project, 'w1:d1', -back * 1_000));
  const values = (some: string[]) => some.flatMap((key) => [key, '0:1']);
  await redis.hset(buckets[0]!, ...values(keys.slice(0, 2_000)));
  await redis.hset(buckets[1]!, ...values(keys.slice(1_000)));
  const check = { definition: 'w1:d1', bucketMs: 1_000, bucketStartMs: 0 } as SlidingCheck;
  const found = await states.keysOf(project, check);
  expect(found).toHaveLength(COUNTERS);
  expect(new Set(found)).toEqual(new Set(keys));
  expect((await seen()).map(([command]) => command!.toLowerCase())).not.toContain('hkeys');
  await redis.unlink(...buckets);
});
