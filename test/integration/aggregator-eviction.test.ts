import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Readiness } from '#platform';
import { connectRedis, type Redis, serversOf, untilConnected } from '#redis';
import { eventually, testEngines } from '#testing';
import { EvictionWatch } from '../../apps/aggregator/src/eviction-watch.js';
import { logger, metrics } from './counting-process.js';

let redis: Redis;

beforeAll(async () => {
  redis = connectRedis(testEngines().redisUrl);
  await untilConnected(redis, 5_000);
});
afterAll(() => redis.disconnect());
// Without a maxmemory nothing is evicted whatever the policy, so whoever shares this server is safe meanwhile.
const setPolicy = (policy: string) =>
  serversOf(redis)[0]!.config('SET', 'maxmemory-policy', policy);
afterEach(() => setPolicy('noeviction'));

const begin = (connection = redis) => {
  const readiness = new Readiness();
  return { readiness, watch: new EvictionWatch(connection, metrics, logger, readiness) };
};
const gauge = async () => (await metrics.redisEvicts.get()).values[0]?.value;

describe('an aggregator', () => {
  it('does not start on a Redis that evicts, and says what to set', async () => {
    await setPolicy('allkeys-lru');
    await expect(begin().watch.refuseStart()).rejects.toThrow(
      'Redis evicts (allkeys-lru): counters would be zeroed in silence. Set maxmemory-policy to noeviction',
    );
    await setPolicy('noeviction');
    await expect(begin().watch.refuseStart()).resolves.toBeUndefined();
  });

  it('starts where Redis is away: it is looked at when it is back', async () => {
    const away = connectRedis('redis://127.0.0.1:1');
    away.on('error', () => undefined);
    await expect(begin(away).watch.refuseStart()).resolves.toBeUndefined();
    away.disconnect();
  });

  it('is unready and alarms when the policy is changed while it runs, and ready when that is undone', async () => {
    const { readiness, watch } = begin();
    await watch.refuseStart();
    watch.onApplicationBootstrap();
    expect(await readiness.failures()).toEqual({});
    await setPolicy('volatile-lru');
    const failures = await eventually(async () => {
      const found = await readiness.failures();
      return 'redis_eviction' in found ? found : null;
    });
    expect(failures['redis_eviction']).toContain('evicts (volatile-lru)');
    expect(await gauge()).toBe(1);
    await setPolicy('noeviction');
    await eventually(async () => ((await gauge()) === 0 ? true : null));
    expect(await readiness.failures()).toEqual({});
    watch.onApplicationShutdown();
  });
});
