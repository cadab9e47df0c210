import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LimitSharing, RateLimiter } from '#limits';
import { LOGGER, type Logger } from '#platform';
import { SharedUseWrites } from '#redis/writes';

/**
 * Tells the other doors what projects have used of their quotas, and learns what they have:
 * 1. one call for a project, five times a second. Its outcome is never waited for by a request: while Redis is away, each door
 *    holds the quotas for itself.
 */
@Injectable()
export class LimitsSink implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly sharing: LimitSharing;

  constructor(
    limiter: RateLimiter,
    @Inject(SharedUseWrites) writes: Pick<SharedUseWrites, 'add'>,
    @Inject(LOGGER) logger: Logger,
  ) {
    const tell = (isAway: boolean, error?: unknown) => {
      if (isAway) logger.warn({ err: error }, 'Redis is away: this door holds limits by itself');
      else logger.info('Redis answers: limits hold over all doors');
    };
    this.sharing = new LimitSharing(limiter, (use) => writes.add(use), tell);
  }

  onApplicationBootstrap(): void {
    this.sharing.start();
  }

  onApplicationShutdown(): void {
    this.sharing.stop();
  }
}
