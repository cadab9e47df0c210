import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LOGGER, type Logger } from '#platform';
import { ManagingCallRetentionService } from './managing-call-retention.service.js';

const SWEEP_EVERY_MS = 3_600_000;
/** A start has more urgent things to do. */
const FIRST_SWEEP_MS = 60_000;

/** The clock of their retention. */
@Injectable()
export class ManagingCallRetentionScheduler
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly stopped = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly retention: ManagingCallRetentionService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    let pauseMs = FIRST_SWEEP_MS;
    while (!signal.aborted) {
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = SWEEP_EVERY_MS;
      await this.retention
        .sweep(() => signal.aborted)
        .catch((err: unknown) => {
          this.logger.warn({ err }, 'old managing calls stay; the next sweep covers them');
        });
    }
  }
}
