import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { LOGGER, type Logger, Repetition } from '#platform';
import { Retention } from './retention.js';

const SWEEP_EVERY_MS = 3_600_000;
/** A start has more urgent things to do. */
const FIRST_SWEEP_MS = 60_000;

/** The clock of retention. */
@Injectable()
export class RetentionScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private sweeps?: Repetition;

  constructor(
    private readonly retention: Retention,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeps = new Repetition({
      work: (isStopped) => this.retention.sweep(isStopped),
      firstMs: FIRST_SWEEP_MS,
      everyMs: SWEEP_EVERY_MS,
      failed: (err) =>
        this.logger.warn({ err }, 'what has been kept long enough stays; the next sweep covers it'),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeps?.stop();
  }
}
