import type { ComparedSlices, DaySlices, RollupDifference } from '#clickhouse';
import type { Clock } from '#platform';
import type { RollupsSink } from './rollups.sink.js';
import { slicesOfDifferences } from './steps/slices-of-differences.js';
import type { StoringPorts } from './storing.ports.js';

/** Longer than an insert may take to begin and to run. */
const ORPHAN_MS_MAX = 45_000;
const ORPHAN_POLL_MS = 100;

/** What an audit has put right. */
export interface AuditFindings {
  /** Rows of events that had one already. */
  repeatedRows: number;
  differences: RollupDifference[];
}

/** Holds rollups against the raw rows, and the raw rows against their identities, a piece at a time. */
export class RollupAudit {
  constructor(
    private readonly ports: {
      lock: StoringPorts['lock'];
      store: Pick<
        StoringPorts['store'],
        'insertsUnderWay' | 'insertUntilMs' | 'cutComparison' | 'compareRollups' | 'findRepeated'
      >;
    },
    private readonly sink: RollupsSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Compares whole days and mends what differs. Storing goes on meanwhile: only what seems to differ is compared once more
   * in quiet, where a difference is no longer just an insert under way.
   */
  async audit(days: readonly string[]): Promise<AuditFindings> {
    const findings: AuditFindings = { repeatedRows: 0, differences: [] };
    for (const day of days) {
      for (const slices of await this.ports.store.cutComparison([{ day }])) {
        findings.repeatedRows += await this.takeOutRepeated(slices);
        const seeming = await this.ports.store.compareRollups(slices);
        for (const part of slicesOfDifferences(seeming))
          findings.differences.push(...(await this.correctInQuiet(part)));
      }
    }
    return findings;
  }

  /** Corrects the slices of a plan that was in doubt, each piece in a quiet of its own: storing has its turn between them. */
  async correct(plan: readonly DaySlices[]): Promise<void> {
    for (const slices of await this.ports.store.cutComparison(plan))
      await this.correctInQuiet(slices);
  }

  /** Runs `work` while nothing inserts usage anywhere. */
  async inQuiet<T>(work: () => Promise<T>): Promise<T> {
    const startedMs = this.clock.now();
    for (;;) {
      const done = await this.ports.lock.exclusive(async () =>
        (await this.isQuiet()) ? { outcome: await work() } : null,
      );
      if (done) return done.outcome;
      // Given up while waiting: others go on storing.
      if (this.clock.now() - startedMs > ORPHAN_MS_MAX)
        throw new Error('an orphaned insert is still under way');
      await this.clock.sleep(ORPHAN_POLL_MS);
    }
  }

  private async takeOutRepeated(slices: ComparedSlices): Promise<number> {
    let rows = 0;
    for (;;) {
      const identities = await this.ports.store.findRepeated(slices);
      if (identities.length === 0) return rows;
      const removed = await this.inQuiet(() => this.sink.removeRepeated(slices, identities));
      if (removed === 0) return rows;
      rows += removed;
    }
  }

  private correctInQuiet(slices: ComparedSlices): Promise<RollupDifference[]> {
    return this.inQuiet(async () => {
      const untilMs = await this.ports.store.insertUntilMs();
      return this.sink.correct(slices, untilMs);
    });
  }

  /** With the lock held, every insert under way is an orphan: who sent it is gone, and the server still works on it. */
  private async isQuiet(): Promise<boolean> {
    return (await this.ports.store.insertsUnderWay()) === 0;
  }
}
