import type { ComparisonExtent, RollupDifference } from '#clickhouse';
import type { Clock } from '#platform';
import type { RollupsSink } from './rollups.sink.js';
import type { StoringPorts } from './storing.ports.js';

const ORPHAN_MS_MAX = 30_000;
const ORPHAN_POLL_MS = 50;

/** Finds the quiet in which rollups can be held against the raw rows. */
export class RollupAudit {
  constructor(
    private readonly ports: {
      lock: StoringPorts['lock'];
      store: Pick<StoringPorts['store'], 'insertsUnderWay'>;
    },
    private readonly sink: RollupsSink,
    private readonly clock: Clock,
  ) {}

  /** Compares whole days, in quiet, and corrects what differs. */
  audit(extent: ComparisonExtent): Promise<RollupDifference[]> {
    return this.inQuiet(() => this.sink.correct(extent));
  }

  /** Runs `work` while nothing inserts usage anywhere. */
  inQuiet<T>(work: () => Promise<T>): Promise<T> {
    return this.ports.lock.exclusive(async () => {
      await this.noInsertUnderWay();
      return work();
    });
  }

  /** Whoever sent it may be gone while the server still works on it. With the lock held, every insert under way is such an orphan. */
  private async noInsertUnderWay(): Promise<void> {
    const startedMs = this.clock.now();
    while ((await this.ports.store.insertsUnderWay()) > 0) {
      if (this.clock.now() - startedMs > ORPHAN_MS_MAX)
        throw new Error('an orphaned insert is still under way');
      await this.clock.sleep(ORPHAN_POLL_MS);
    }
  }
}
