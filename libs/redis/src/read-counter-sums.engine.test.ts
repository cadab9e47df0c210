import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, testEngines } from '#testing';
import { connectRedis, serversOf, untilConnected } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { readCounterSums, scanCounterKeys } from './read-counter-sums.js';

const WINDOWS = 65;
const COUNTERS = 1_500;

const redis = connectRedis(testEngines().redisUrl);
const project = `test-${randomUUID()}`;
const request = {
  project,
  definition: 'b1:d1',
  windowStarts: Array.from({ length: WINDOWS }, (_, at) => at * 60_000),
  partitions: 1,
};
const keys = Array.from({ length: COUNTERS }, (_, n) => `{"customer":"${n}"}`);

/** Every counter holds 2 in every window. */
beforeAll(async () => {
  await untilConnected(redis, 5_000);
  await redis.hset(counterKeys.seeded(project, 0), 'b1:d1', 'r1');
  const values = keys.flatMap((key) => [key, '0:2']);
  for (const startMs of request.windowStarts)
    await redis.hset(counterKeys.counters(project, 'b1:d1', startMs), ...values);
});
afterAll(async () => {
  const counted = request.windowStarts.map((at) => counterKeys.counters(project, 'b1:d1', at));
  await redis.unlink(counterKeys.seeded(project, 0), ...counted);
  redis.disconnect();
});

it('sums of many counters over many windows are read a thousand fields or so in one step', async () => {
  const monitor = await serversOf(redis)[0]!.monitor();
  const steps: number[] = [];
  const end = randomUUID();
  let isOver = false;
  monitor.on('monitor', (_, [command, key, ...fields]: string[]) => {
    if (key === end) isOver = true;
    if (!key?.includes(project)) return;
    if (command === 'hlen') steps.push(0);
    if (command === 'hmget') steps[steps.length - 1]! += fields.length;
  });
  const asked = keys.slice(0, 200);
  const sums = (await readCounterSums(redis, request, asked))!;
  await redis.get(end);
  await eventually(() => (isOver ? true : null), 5_000);
  monitor.disconnect();
  expect([...sums.keys()]).toEqual(asked);
  expect([...sums.values()].every(({ amount }) => amount === 130n)).toBe(true);
  // 200 counters in 65 windows: sixteen counters a step.
  expect(steps.reduce((sum, fields) => sum + fields, 0)).toBe(13_000);
  expect(Math.max(...steps)).toBe(1_040);
});

it('keys are found some at a time', async () => {
  const found = new Set<string>();
  for await (const some of scanCounterKeys(redis, request)) {
    expect(some.length).toBeLessThan(1_200);
    for (const key of some) found.add(key);
  }
  expect(found).toEqual(new Set(keys));
});
