import { Inject, Injectable } from '@nestjs/common';
import { isSliding, slidingBoundsOf } from '#watches';
import { WatchBook } from '#watch-book';
import { CountersSink } from '../counters.sink.js';
import { COUNTING_PORTS, type CountingReads } from '../counting.ports.js';
import { stateBehind } from './restore-states.js';
import { SlidingJudging } from './sliding-judging.js';

/** An alert may be recorded behind one with a higher number: the last ones are read again. */
const SEQUENCES_AGAIN = 100n;
const ALERTS_AT_ONCE = 1_000;

/**
 * Follows the outbox. Redis is ahead of it as a rule; where it lost what it knew while alerts were on their way, it is
 * behind once they arrive, and what it raised meanwhile bore the number of an alert that was there already.
 */
@Injectable()
export class RaisedAlerts {
  private sequence: bigint | null = null;
  /** Those of the last ones that were read. */
  private seen = new Set<bigint>();

  constructor(
    @Inject(COUNTING_PORTS) private readonly ports: CountingReads,
    private readonly sink: CountersSink,
    private readonly book: WatchBook,
    private readonly judging: SlidingJudging,
  ) {}

  /** Brings states forward to what was recorded since the last call, and judges those that it moved. */
  async follow(nowMs: number): Promise<void> {
    // What was recorded before is read by whoever adopts a partition.
    this.sequence ??= await this.ports.raised.lastSequence();
    const from = this.sequence - SEQUENCES_AGAIN;
    const alerts = await this.ports.raised.after(from, ALERTS_AT_ONCE);
    for (const alert of alerts) {
      if (this.seen.has(alert.sequence)) continue;
      const compiled = this.book.find(alert.project, alert.watch);
      if (!compiled || !isSliding(compiled)) continue;
      const state = stateBehind(alert, compiled, slidingBoundsOf(compiled, nowMs));
      const { partitions } = this.ports;
      const moved = await this.sink.restore(alert.project, alert.watch, [state], partitions);
      await this.judging.judgeCounters(compiled, moved, nowMs);
    }
    this.seen = new Set(alerts.map(({ sequence }) => sequence));
    this.sequence = alerts.at(-1)?.sequence ?? this.sequence;
  }
}
