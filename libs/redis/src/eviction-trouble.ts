import type { Redis } from './connect-redis.js';

/**
 * Why this Redis may drop counters by itself, and what to do about it; null when it keeps what it is given. Counters
 * that are gone begin at zero again and no mark tells of it. Asked by INFO, which servers that hide their configuration
 * answer too.
 */
export async function evictionTrouble(redis: Redis): Promise<string | null> {
  const memory = await redis.info('memory');
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy === 'noeviction') return null;
  const found = policy === undefined ? 'does not say its maxmemory-policy' : `evicts (${policy})`;
  return `Redis ${found}: counters would be zeroed in silence. Set maxmemory-policy to noeviction`;
}
