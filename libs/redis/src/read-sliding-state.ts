import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { amountOf } from './two-limbs.js';

/** What a counter of a sliding watch had reached when it was last judged. */
export interface SlidingState {
  /** Names of thresholds. */
  reached: string[];
  /** RFC 3339. */
  since: string;
}

/** Null for a counter that never reached anything. `key` is canonical JSON. */
export async function readSlidingState(
  redis: Redis,
  { project, watchId, key }: { project: string; watchId: string; key: string },
): Promise<SlidingState | null> {
  const state = await redis.hget(counterKeys.states(project, watchId), key);
  const [, reached, since] = /^(.*?)\|\d+\|(.*)\|\d+$/.exec(state ?? '') ?? [];
  if (reached === undefined || since === undefined) return null;
  return { reached: reached.split(',').filter((name) => name !== ''), since };
}

/**
 * The bound that earlier days give a counter for an hour: an amount in units of the measure, or a share or latency.
 * Null while there is none.
 */
export async function readBaselineBound(
  redis: Redis,
  of: { project: string; definition: string; hourMs: number; key: string },
): Promise<bigint | number | null> {
  const bound = await redis.hget(
    counterKeys.baseline(of.project, of.definition, of.hourMs),
    of.key,
  );
  if (bound === null) return null;
  return bound.includes(':') ? amountOf(bound) : Number(bound);
}
