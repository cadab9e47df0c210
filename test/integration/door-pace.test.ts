import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRedis, type Redis, untilConnected } from '#redis';
import { PaceWrites } from '#redis/writes';
import { testEngines } from '#testing';
import { DoorHarness } from './door-harness.js';

const EVERY_MS = 500;

let door: DoorHarness;
let redis: Redis;
let timer: NodeJS.Timeout | undefined;

beforeAll(async () => {
  redis = connectRedis(testEngines().redisUrl);
  await untilConnected(redis, 5_000);
  door = await DoorHarness.open({ REDIS_URL: testEngines().redisUrl });
});

afterEach(() => clearInterval(timer));

afterAll(async () => {
  redis.disconnect();
  await door.close();
});

const eventsOf = (count: number) => Array.from({ length: count }, () => ({ model: 'm' }));

describe('a project that keeps others waiting', () => {
  it('is held to its pace, told how long to wait, and let go when nobody repeats it', async () => {
    const { key } = await door.mintKey();
    const paces = new PaceWrites(redis, 'test');
    const policyOf = async () =>
      (await door.post(key, eventsOf(1))).headers.get('ratelimit-policy') ?? '';
    expect(await policyOf()).not.toMatch(/pace/);
    await paces.set(door.project, 50);
    timer = setInterval(() => void paces.set(door.project, 50), EVERY_MS);
    while (!(await policyOf()).endsWith(', "pace";q=50;w=1;qu="events"')) await delay(50);
    // Twice as many as may come in the two seconds behind them.
    let answer = await door.post(key, eventsOf(200));
    while (answer.status === 202) answer = await door.post(key, eventsOf(200));
    expect([answer.status, answer.body.error.code, answer.body.error.message]).toEqual([
      429,
      'rate_limited',
      expect.stringMatching(
        /^this project sends more than can be stored in time beside the usage of others: send it again in \d s$/,
      ),
    ]);
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(2);
    expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`, "pace";r=0;t=${seconds}$`));
    await delay(seconds * 1_000);
    expect((await door.post(key, eventsOf(1))).status).toBe(202);
    clearInterval(timer);
    while ((await policyOf()).includes('pace')) await delay(100);
    expect((await door.post(key, eventsOf(900))).status).toBe(202);
    expect((await door.post(key, eventsOf(900))).status).toBe(202);
  });
});
