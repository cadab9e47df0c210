import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LOGGER, type Logger, Repetition } from '#platform';
import { ManagingCallRetentionService } from './managing-call-retention.service.js';

const SWEEP_EVERY_MS = 3_600_000;
/** A start has more urgent things to do. */
const FIRST_SWEEP_MS = 60_000;

/** The clock of their retention. */
@Injectable()
export class ManagingCallRetentionScheduler
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  private sweeps?: Repetition;

  constructor(
    private readonly retention: ManagingCallRetentionService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeps = new Repetition({
      work: (isStopped) => this.retention.sweep(isStopped),
      firstMs: FIRST_SWEEP_MS,
      everyMs: SWEEP_EVERY_MS,
      failed: (err) =>
        this.logger.warn({ err }, 'old managing calls stay; the next sweep covers them'),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeps?.stop();
  }
}
