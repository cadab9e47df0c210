import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Logger, Readiness } from '#platform';
import { evictionTrouble, type Redis, untilConnected } from '#redis';
import type { AggregatorMetrics } from './aggregator.metrics.js';

const CONNECT_MS_MAX = 3_000;
const LOOK_EVERY_MS = 5_000;

/** Counts on no Redis that may forget counters by itself: not at the start, and not without an alarm later. */
export class EvictionWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private trouble: string | null = null;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly redis: Redis,
    private readonly metrics: AggregatorMetrics,
    private readonly logger: Logger,
    readiness: Readiness,
  ) {
    readiness.register('redis_eviction', () => this.trouble);
  }

  /** Throws when Redis may evict. One that is away is looked at when it is back. */
  async refuseStart(): Promise<void> {
    if (!(await untilConnected(this.redis, CONNECT_MS_MAX))) return;
    await this.look();
    if (this.trouble !== null) throw new Error(this.trouble);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    let found: string | null;
    try {
      found = await evictionTrouble(this.redis);
    } catch {
      // Away: the readiness of Redis itself tells of it.
      return;
    }
    this.metrics.redisEvicts.set(found === null ? 0 : 1);
    if (found !== null && this.trouble === null)
      this.logger.error({ reason: found }, 'counters are at risk');
    this.trouble = found;
  }
}
