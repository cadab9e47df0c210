import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { isStoreOutage } from './is-store-outage.js';

/** Keeps what goes wrong with one watch from those behind it. */
@Injectable()
export class WatchByWatch {
  constructor(
    @Inject(AggregatorMetrics) private readonly metrics: Pick<AggregatorMetrics, 'watchFaults'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Does the work of one watch, or tells of its fault and passes it over. A throw is an outage, which is everybody's. */
  async passOver(watch: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isStoreOutage(error)) throw error;
      this.metrics.watchFaults.inc();
      this.logger.error({ err: error, watch }, 'a watch is passed over; others go on');
    }
  }
}
