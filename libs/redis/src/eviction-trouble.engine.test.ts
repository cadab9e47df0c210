import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { testEngines } from '#testing';
import { connectRedis, serversOf, untilConnected } from './connect-redis.js';
import { evictionTrouble } from './eviction-trouble.js';

const redis = connectRedis(testEngines().redisUrl);
const setPolicy = (policy: string) =>
  serversOf(redis)[0]!.config('SET', 'maxmemory-policy', policy);

afterEach(() => setPolicy('noeviction'));
afterAll(() => redis.disconnect());

describe('a Redis that evicts', () => {
  // Without a maxmemory nothing is evicted whatever the policy, so the engines that others use are safe meanwhile.
  it.each(['allkeys-lru', 'volatile-ttl', 'allkeys-random'])(
    'is told from one that keeps everything: %s',
    async (policy) => {
      expect(await untilConnected(redis, 5_000)).toBe(true);
      expect(await evictionTrouble(redis)).toBeNull();
      await setPolicy(policy);
      expect(await evictionTrouble(redis)).toContain(`evicts (${policy})`);
      expect(await evictionTrouble(redis)).toContain('Set maxmemory-policy to noeviction');
    },
  );
});
