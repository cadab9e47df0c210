import { BUCKETS_OF_A_SPAN } from '#windows';
import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { scanCounterKeys } from './read-counter-sums.js';
import { scanFiring } from './scan-firing.js';
import type { SlidingCheck } from './sliding-check.js';

/** A counter of a sliding watch. */
export interface SlidingCounter {
  watchId: string;
  /** Canonical JSON of the counter key. */
  key: string;
}

/** Which bounds sliding counters have reached, and what they are held against. */
export class SlidingStates {
  constructor(private readonly redis: Redis) {}

  /** Every counter of a project that is at or above a bound. */
  async firing(project: string): Promise<SlidingCounter[]> {
    const members = new Set<string>();
    for await (const some of scanFiring(this.redis, project))
      for (const member of some) members.add(member);
    return Array.from(members, (member) => {
      const space = member.indexOf(' ');
      return { watchId: member.slice(0, space), key: member.slice(space + 1) };
    });
  }

  /** The counters of a watch that hold anything, in the span that ends with the bucket. */
  async keysOf(
    project: string,
    { definition, bucketMs, bucketStartMs }: SlidingCheck,
  ): Promise<string[]> {
    const keys = new Set<string>();
    const addFrom = async (startMs: number) => {
      const bucket = { project, definition, windowStarts: [startMs] };
      for await (const some of scanCounterKeys(this.redis, bucket))
        for (const key of some) keys.add(key);
    };
    const buckets = Array.from({ length: BUCKETS_OF_A_SPAN }, (_, back) =>
      addFrom(bucketStartMs - back * bucketMs),
    );
    await Promise.all(buckets);
    return [...keys];
  }

  async hasBaseline(project: string, definition: string, hourMs: number): Promise<boolean> {
    return (await this.redis.exists(counterKeys.baseline(project, definition, hourMs))) === 1;
  }
}
