import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';

const ENTRIES_AT_ONCE = 200;

/** Alerts that a count has raised and that are not yet known to be written to their topic. */
export class PendingAlerts {
  constructor(private readonly redis: Redis) {}

  /** The oldest entries, as the script wrote them. */
  read(project: string): Promise<string[]> {
    return this.redis.lrange(counterKeys.pending(project), 0, ENTRIES_AT_ONCE - 1);
  }
}
