import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LOGGER, type Logger, Repetition } from '#platform';
import { AggregatorConfig } from '../aggregator.config.js';
import { BreachWatch } from './breach-watch.js';
import { OverrunWatch } from './overrun-watch.js';
import { SetAsideTelling } from './set-aside-telling.js';

/** The clocks of alerts that no event raises. */
@Injectable()
export class AlertingScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private repetitions: Repetition[] = [];

  constructor(
    private readonly config: AggregatorConfig,
    private readonly breaches: BreachWatch,
    private readonly overruns: OverrunWatch,
    private readonly setAside: SetAsideTelling,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.repetitions = [
      this.repeat('breaches', () => this.breaches.look(), this.config.breachesEveryMs),
      this.repeat('set aside', () => this.setAside.look(), this.config.breachesEveryMs),
      this.repeat('projections', () => this.overruns.look(), this.config.projectionsEveryMs),
    ];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.repetitions.map((one) => one.stop()));
  }

  private repeat(name: string, work: () => Promise<void>, everyMs: number): Repetition {
    return new Repetition({
      work,
      everyMs,
      failed: (error) =>
        this.logger.warn(
          { err: error, name },
          'alerts by the clock are behind; the next look covers it',
        ),
    });
  }
}
