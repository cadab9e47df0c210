import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { LOGGER, type Logger } from '#platform';
import { Retention } from './retention.js';

const SWEEP_EVERY_MS = 3_600_000;
/** A start has more urgent things to do. */
const FIRST_SWEEP_MS = 60_000;

/** The clock of retention. */
@Injectable()
export class RetentionScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly retention: Retention,
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
          this.logger.warn(
            { err },
            'what has been kept long enough stays; the next sweep covers it',
          );
        });
    }
  }
}
