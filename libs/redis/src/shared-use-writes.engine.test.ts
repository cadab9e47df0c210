import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEngines } from '#testing';
import { connectRedis, type Redis } from './connect-redis.js';
import { PaceWrites, paceKey } from './pace-writes.js';
import { SharedUseWrites } from './shared-use-writes.js';

const project = `use-${randomUUID().slice(0, 8)}`;
const amounts = (requests: number, events: number, bytes: number) => ({ requests, events, bytes });
let redis: Redis;

beforeAll(async () => {
  redis = connectRedis(testEngines().redisUrl);
  while (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve));
});

afterAll(async () => {
  const keys = await redis.keys(`{${project}}:*`);
  if (keys.length > 0) await redis.del(...keys);
  redis.disconnect();
});

describe('shared use', () => {
  it('is summed over all who tell of it, by kind, window, project and key, and ends by itself', async () => {
    const door = new SharedUseWrites(redis, 'door');
    const tallies = [
      { keyId: null, amounts: amounts(2, 30, 400) },
      { keyId: 'k1', amounts: amounts(1, 20, 300) },
    ];
    expect(await door.add({ window: 7, project, tallies })).toEqual({
      totals: [amounts(2, 30, 400), amounts(1, 20, 300)],
      pace: null,
    });
    const other = [{ keyId: null, amounts: amounts(1, 1, 3_000_000_000) }];
    expect(await door.add({ window: 7, project, tallies: other })).toEqual({
      totals: [amounts(3, 31, 3_000_000_400)],
      pace: null,
    });
    expect(await door.add({ window: 8, project, tallies: other })).toEqual({
      totals: [amounts(1, 1, 3_000_000_000)],
      pace: null,
    });
    const sends = new SharedUseWrites(redis, 'sends');
    expect(await sends.add({ window: 7, project, tallies: other })).toEqual({
      totals: [amounts(1, 1, 3_000_000_000)],
      pace: null,
    });
    for (const key of await redis.keys(`{${project}}:*`)) {
      const ttl = await redis.pttl(key);
      expect(ttl).toBeGreaterThan(0);
      expect(ttl).toBeLessThanOrEqual(60_000);
    }
  });

  it('comes with the slowest pace that is in force, which ends unless it is set again', async () => {
    const door = new SharedUseWrites(redis, 'door');
    const tallies = [{ keyId: null, amounts: amounts(0, 0, 0) }];
    const pace = async () => (await door.add({ window: 9, project, tallies })).pace;
    const [one, two] = [new PaceWrites(redis, 'one'), new PaceWrites(redis, 'two')];
    await one.set(project, 300);
    expect(await pace()).toBe(300);
    await two.set(project, 200);
    expect(await pace()).toBe(200);
    await two.set(project, 400);
    expect(await pace()).toBe(300);
    expect(await redis.pttl(paceKey(project))).toBeLessThanOrEqual(3_000);
    await redis.hset(paceKey(project), 'one', `1:${Date.now() - 1}`);
    expect(await pace()).toBe(400);
    await two.set(project, 500);
    expect(await redis.hkeys(paceKey(project))).toEqual(['two']);
    await redis.del(paceKey(project));
    expect(await pace()).toBeNull();
  });
});
