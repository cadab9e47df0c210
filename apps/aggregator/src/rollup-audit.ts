import type { ComparisonExtent, RollupDifference } from '#clickhouse';
import type { Clock, Logger } from '#platform';
import type { AggregatorMetrics } from './aggregator.metrics.js';
import type { LockPort, UsageStorePort } from './aggregator.ports.js';

const ORPHAN_MS_MAX = 30_000;
const ORPHAN_POLL_MS = 50;

/** Keeps rollups minus raw at zero. A correction outside a recovery is an alarm. */
export class RollupAudit {
  constructor(
    private readonly lock: LockPort,
    private readonly store: UsageStorePort,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    private readonly logger: Logger,
  ) {}

  /** Compares whole days, in quiet, and corrects what differs. */
  audit(extent: ComparisonExtent): Promise<RollupDifference[]> {
    return this.inQuiet(() => this.correct(extent));
  }

  /** Runs `work` while nothing inserts usage anywhere. */
  inQuiet<T>(work: () => Promise<T>): Promise<T> {
    return this.lock.exclusive(async () => {
      await this.noInsertUnderWay();
      return work();
    });
  }

  /** Only right in quiet. */
  async correct(extent: ComparisonExtent): Promise<RollupDifference[]> {
    const differences = await this.store.correctRollups(extent);
    for (const difference of differences) {
      this.metrics.rollupCorrections.inc();
      this.logger.warn(difference, 'a rollup slice was corrected');
    }
    return differences;
  }

  /** Whoever sent it may be gone while the server still works on it. With the lock held, every insert under way is such an orphan. */
  private async noInsertUnderWay(): Promise<void> {
    const startedMs = this.clock.now();
    while ((await this.store.insertsUnderWay()) > 0) {
      if (this.clock.now() - startedMs > ORPHAN_MS_MAX)
        throw new Error('an orphaned insert is still under way');
      await this.clock.sleep(ORPHAN_POLL_MS);
    }
  }
}
