import type { CounterKey } from '#contracts';
import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { amountOf } from './two-limbs.js';

export interface CounterReading {
  /** False while some partition has not brought its usage: then the amounts are no statement. */
  complete: boolean;
  counters: { key: CounterKey; amount: bigint }[];
}

/** The counters of one window of a budget. `definition` is `<budget>:<definition>`, see `definitionOf`. */
export async function readCounters(
  redis: Redis,
  request: { project: string; definition: string; windowStartMs: number; partitions: number },
): Promise<CounterReading> {
  const { project, definition, windowStartMs, partitions } = request;
  const seeded = await Promise.all(
    Array.from({ length: partitions }, (_, partition) =>
      redis.hexists(counterKeys.seeded(project, partition), definition),
    ),
  );
  const values = await redis.hgetall(counterKeys.counters(project, definition, windowStartMs));
  return {
    complete: seeded.every((known) => known === 1),
    counters: Object.entries(values).map(([key, value]) => ({
      key: JSON.parse(key) as CounterKey,
      amount: amountOf(value),
    })),
  };
}

/** One counter, by the canonical JSON of its key; null when it is not there. */
export async function readCounter(
  redis: Redis,
  request: { project: string; definition: string; windowStartMs: number; counter: string },
): Promise<bigint | null> {
  const { project, definition, windowStartMs, counter } = request;
  const value = await redis.hget(counterKeys.counters(project, definition, windowStartMs), counter);
  return value === null ? null : amountOf(value);
}
