import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LOGGER, type Logger } from '#platform';
import { AggregatorConfig } from '../aggregator.config.js';
import { AnomalyScan } from './anomaly-scan.js';

/** The clock of anomalies: a round every few minutes, one at a time. */
@Injectable()
export class AnomaliesScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopping = false;
  private round: Promise<void> | null = null;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly config: AggregatorConfig,
    private readonly scan: AnomalyScan,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.round ??= this.lookForAnomalies().finally(() => (this.round = null));
    }, this.config.anomaliesEveryMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.round;
  }

  private async lookForAnomalies(): Promise<void> {
    try {
      await this.scan.run(() => this.stopping);
    } catch (error) {
      this.logger.warn({ err: error }, 'looking for anomalies failed; the next round covers it');
    }
  }
}
