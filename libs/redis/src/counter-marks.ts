import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';

/** How far each partition's usage is counted. */
export class CounterMarks {
  constructor(private readonly redis: Redis) {}

  /** The partitions that have to catch up: see `CountCall.caughtUp`. */
  async behind(project: string): Promise<Set<number>> {
    return new Set((await this.redis.hkeys(counterKeys.behind(project))).map(Number));
  }

  /** The marks that stand, by partition. */
  async marks(project: string): Promise<Map<number, string>> {
    const marks = await this.redis.hgetall(counterKeys.marks(project));
    return new Map(Object.entries(marks).map(([partition, mark]) => [Number(partition), mark]));
  }
}
