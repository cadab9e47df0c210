import { type Redis, serversOf } from './connect-redis.js';

/**
 * Why this Redis may drop counters by itself, and what to do about it; null when each of its servers keeps what it is given.
 * Counters that are gone begin at zero again and no mark tells of it. Asked by INFO, which servers that hide their
 * configuration answer too.
 */
export async function evictionTrouble(redis: Redis): Promise<string | null> {
  const memories = await Promise.all(serversOf(redis).map((server) => server.info('memory')));
  const policies = memories.map((memory) => /^maxmemory_policy:(\S+)/m.exec(memory)?.[1]);
  const wrong = policies.findIndex((policy) => policy !== 'noeviction');
  if (wrong === -1) return null;
  const policy = policies[wrong];
  const found = policy === undefined ? 'does not say its maxmemory-policy' : `evicts (${policy})`;
  return `Redis ${found}: counters would be zeroed in silence. Set maxmemory-policy to noeviction`;
}
