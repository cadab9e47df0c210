import { Inject, Injectable } from '@nestjs/common';
import { Clock, LOGGER, type Logger } from '#platform';
import { AGGREGATOR_PORTS, type AggregatorPorts } from './aggregator.ports.js';
import { AggregatorSink } from './aggregator.sink.js';
import { type OwnedPartition, OwnedPartitions } from './owned-partitions.js';
import type { PartitionStream } from './partition-stream.js';

const STUCK_MS = 15_000;
/** One plan is written out while ClickHouse works on another's rows. */
const STORES_AT_ONCE = 2;

/** The slow cadence: gathers what is decided for about a second and has it stored. */
@Injectable()
export class PlanStoring {
  constructor(
    @Inject(AGGREGATOR_PORTS) private readonly ports: AggregatorPorts,
    private readonly partitions: OwnedPartitions,
    private readonly sink: AggregatorSink,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Stores what has waited long enough or is large enough. */
  async storeDue(): Promise<void> {
    const due = this.partitions
      .all()
      .filter(({ storing, stream }) => !storing && this.isDue(stream));
    const lane = async () => {
      for (let owned = due.shift(); owned; owned = due.shift()) await this.store(owned);
    };
    await Promise.all(Array.from({ length: STORES_AT_ONCE }, lane));
  }

  /** Stores all that is decided. An outage here costs nothing but the time to decide again: the log has it all. */
  async storeAll(): Promise<void> {
    for (const owned of this.partitions.all()) {
      try {
        while (
          !owned.storing &&
          owned.stream.waitingSinceMs !== null &&
          owned.stream.isStorable()
        ) {
          if (!(await this.store(owned))) break;
        }
      } catch (error) {
        this.logger.warn(
          { err: error, partition: owned.stream.key.partition },
          'not stored before giving up',
        );
      }
    }
  }

  /** Rows that are decided and not stored, over all owned partitions. */
  get rowsWaiting(): number {
    return this.partitions.all().reduce((rows, { stream }) => rows + stream.rowsWaiting, 0);
  }

  /** Null, or why storing cannot be counted on: a readiness check that follows progress. */
  stuckReason(): string | null {
    const waitingMs = this.partitions
      .all()
      .map(({ stream }) => this.clock.now() - (stream.waitingSinceMs ?? Infinity));
    const longestMs = Math.max(0, ...waitingMs);
    return longestMs > STUCK_MS
      ? `decided rows have waited ${Math.round(longestMs / 1000)} s to be stored`
      : null;
  }

  private isDue(stream: PartitionStream): boolean {
    if (stream.waitingSinceMs === null || !stream.isStorable()) return false;
    const waitedMs = this.clock.now() - stream.waitingSinceMs;
    const { planRowsMax, storeEveryMs } = this.ports.bounds;
    return stream.rowsWaiting >= planRowsMax || waitedMs >= storeEveryMs;
  }

  /** False when the partition turned out to be somebody else's. */
  private async store(owned: OwnedPartition): Promise<boolean> {
    owned.storing = true;
    try {
      const storedTo = await this.sink.store(owned.stream);
      if (storedTo === null) {
        await this.partitions.retake(owned);
        return false;
      }
      if (owned.stream.rowsWaiting < this.ports.bounds.waitingRowsMax) {
        owned.resume?.();
        owned.resume = null;
      }
      await owned.lastBatch?.commit(String(storedTo));
      return true;
    } finally {
      owned.storing = false;
    }
  }
}
