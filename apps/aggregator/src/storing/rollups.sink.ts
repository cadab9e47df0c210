import type { ComparisonExtent, RollupDifference } from '#clickhouse';
import type { Logger } from '#platform';
import type { AggregatorMetrics } from '../aggregator.metrics.js';

/** The rollups of ClickHouse. */
export interface RollupsWritePort {
  correctRollups(extent: ComparisonExtent): Promise<RollupDifference[]>;
}

/** Keeps rollups minus raw at zero, by one write. A correction outside a recovery is an alarm. */
export class RollupsSink {
  constructor(
    private readonly rollups: RollupsWritePort,
    private readonly metrics: AggregatorMetrics,
    private readonly logger: Logger,
  ) {}

  /** 1. Adds to each slice what it lacks of the raw rows. Only right in quiet. */
  async correct(extent: ComparisonExtent): Promise<RollupDifference[]> {
    const differences = await this.rollups.correctRollups(extent);
    for (const difference of differences) {
      this.metrics.rollupCorrections.inc();
      this.logger.warn(difference, 'a rollup slice was corrected');
    }
    return differences;
  }
}
