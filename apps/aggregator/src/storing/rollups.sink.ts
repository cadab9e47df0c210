import type { ComparedSlices, RollupDifference } from '#clickhouse';
import type { Logger } from '#platform';
import type { AggregatorMetrics } from '../aggregator.metrics.js';

/** What mends the usage tables of ClickHouse. */
export interface RollupsWritePort {
  removeRepeated(slices: ComparedSlices, identities: readonly string[]): Promise<number>;
  correctRollups(slices: ComparedSlices, untilMs: number): Promise<RollupDifference[]>;
}

/** Keeps each event once in the raw rows, and rollups minus raw at zero, by two writes. What they find outside a recovery is an alarm. */
export class RollupsSink {
  constructor(
    private readonly rollups: RollupsWritePort,
    private readonly metrics: AggregatorMetrics,
    private readonly logger: Logger,
  ) {}

  /** 1. Takes out every row of an identity but the first. Only right in quiet; the slices are to be corrected afterwards. */
  async removeRepeated(slices: ComparedSlices, identities: readonly string[]): Promise<number> {
    const rows = await this.rollups.removeRepeated(slices, identities);
    this.metrics.repeatedRows.inc(rows);
    this.logger.error(
      { days: slices.days, rows, identities: identities.slice(0, 10) },
      'events had more than one row in usage_raw; the rows beyond the first were taken out',
    );
    return rows;
  }

  /** 2. Adds to each slice what it lacks of the raw rows. Only right in quiet that began before `untilMs` was taken. */
  async correct(slices: ComparedSlices, untilMs: number): Promise<RollupDifference[]> {
    const differences = await this.rollups.correctRollups(slices, untilMs);
    for (const difference of differences) {
      this.metrics.rollupCorrections.inc();
      this.logger.warn(difference, 'a rollup slice was corrected');
    }
    return differences;
  }
}
