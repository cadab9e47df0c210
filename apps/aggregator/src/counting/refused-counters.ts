import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';

/** Tells of what found no room in the counters of a project. */
@Injectable()
export class RefusedCounters {
  constructor(
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  tell(project: string, counters: number): void {
    if (counters === 0) return;
    this.metrics.refusedCounters.inc(counters);
    this.logger.error(
      { project, counters },
      'not counted: a watch has as many counters as it may, or a counter holds as much as it can',
    );
  }
}
