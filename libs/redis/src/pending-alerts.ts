import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { RedisScript } from './redis-script.js';

const ENTRIES_AT_ONCE = 200;

/** Alerts that a count has raised and that are not yet known to be written to their topic. */
export class PendingAlerts {
  constructor(private readonly redis: Redis) {}

  /** The oldest entries, as the script wrote them. */
  read(project: string): Promise<string[]> {
    return this.redis.lrange(counterKeys.pending(project), 0, ENTRIES_AT_ONCE - 1);
  }
}

/** Takes away from the list of pending alerts. */
export class PendingAlertWrites {
  private readonly shortenScript = new RedisScript('shorten-pending');

  constructor(private readonly redis: Redis) {}

  /** Takes acknowledged entries away, as far as they still stand at the head. Returns how many are left. */
  async shorten(project: string, entries: string[]): Promise<number> {
    return Number(
      await this.shortenScript.run(this.redis, [counterKeys.pending(project)], entries),
    );
  }
}
