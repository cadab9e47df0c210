import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { RedisScript } from './redis-script.js';

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
