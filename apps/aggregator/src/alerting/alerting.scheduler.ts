import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LOGGER, type Logger } from '#platform';
import { AggregatorConfig } from '../aggregator.config.js';
import { BreachWatch } from './breach-watch.js';
import { OverrunWatch } from './overrun-watch.js';
import { SetAsideTelling } from './set-aside-telling.js';

/** The clocks of alerts that no event raises. */
@Injectable()
export class AlertingScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopped = new AbortController();
  private loops: Promise<void>[] = [];

  constructor(
    private readonly config: AggregatorConfig,
    private readonly breaches: BreachWatch,
    private readonly overruns: OverrunWatch,
    private readonly setAside: SetAsideTelling,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loops = [
      this.repeat('breaches', () => this.breaches.look(), this.config.breachesEveryMs),
      this.repeat('set aside', () => this.setAside.look(), this.config.breachesEveryMs),
      this.repeat('projections', () => this.overruns.look(), this.config.projectionsEveryMs),
    ];
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.loops);
  }

  private async repeat(name: string, look: () => Promise<void>, everyMs: number): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await look().catch((error: unknown) => {
        this.logger.warn(
          { err: error, name },
          'alerts by the clock are behind; the next look covers it',
        );
      });
      await sleep(everyMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }
}
