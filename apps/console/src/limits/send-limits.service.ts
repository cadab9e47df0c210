import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Caller, LimitSharing, quotasOf, RateLimiter, type Standing } from '#limits';
import { Clock, LOGGER, type Logger } from '#platform';
import { SharedUseWrites } from '#redis/writes';
import { ConsoleConfig } from '../console.config.js';
import { Engines } from '../engines/engines.js';

/** More than is ever asked: only requests are limited here. */
const UNLIMITED = 1_000_000_000;

/** How often a project may make the platform send something: a test, a delivery again, a quarantined item again. */
@Injectable()
export class SendLimitsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly limiter: RateLimiter;
  private readonly sharing: LimitSharing;
  private readonly quotas;

  constructor(
    engines: Engines,
    config: ConsoleConfig,
    clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.limiter = new RateLimiter(() => clock.now());
    this.quotas = quotasOf(
      {
        requests_per_second: config.sendsPerSecondMax,
        key_requests_per_second: config.sendsPerSecondMax,
        events_per_second: UNLIMITED,
        key_events_per_second: UNLIMITED,
        bytes_per_second: UNLIMITED,
        key_bytes_per_second: UNLIMITED,
      },
      {},
    );
    this.sharing = new LimitSharing(
      this.limiter,
      async (use) => {
        const shared = await engines.redis((redis) => new SharedUseWrites(redis, 'sends').add(use));
        if (shared === null) throw new Error('Redis does not answer');
        return shared;
      },
      (isAway) => logger.info({ is_away: isAway }, 'how often projects send is shared by Redis'),
    );
  }

  onApplicationBootstrap(): void {
    this.sharing.start();
  }

  onApplicationShutdown(): void {
    this.sharing.stop();
  }

  /** Counts a call that may be taken; one that may not is counted nowhere. */
  take(caller: Caller): Standing {
    const account = this.limiter.account(caller);
    const before = this.limiter.standing(account, this.quotas);
    if (before.exhausted !== null) return before;
    this.limiter.spend(account, 'requests', 1);
    return { ...this.limiter.standing(account, this.quotas), exhausted: null };
  }

  get quota(): number {
    return this.quotas.project.requests;
  }
}
