import { Inject, Injectable } from '@nestjs/common';
import type { RecordBatch } from '#kafka';
import { failpoint, LOGGER, type Logger } from '#platform';
import { UsageCounting } from './counting/usage-counting.js';
import { Deciding } from './deciding/deciding.js';
import type { OwnedPartition } from './partitions/owned-partition.js';
import { OwnedPartitions } from './partitions/owned-partitions.js';
import { PlanStoring } from './storing/plan-storing.js';

/**
 * Decide, count, store. Deciding follows the records as they arrive; storing gathers about a second (`PlanStoring`).
 * Counting follows deciding at once, and only what is counted is stored (`UsageCounting`).
 */
@Injectable()
export class AggregatorPipeline {
  constructor(
    private readonly partitions: OwnedPartitions,
    private readonly deciding: Deciding,
    private readonly counting: UsageCounting,
    private readonly storing: PlanStoring,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Decides about the records of a batch. A partition with too much to store is paused until it is stored. */
  async accept(batch: RecordBatch): Promise<void> {
    const owned = this.partitions.of(batch);
    if (!owned) {
      // It was lost to another process while no batch was at hand to go back with.
      const { partition, generation } = batch;
      if (batch.isCurrent()) batch.seek(await this.partitions.takeOver(partition, generation));
      return;
    }
    owned.arrived(batch);
    const { stream } = owned;
    const news = this.deciding.newsIn(batch.records, stream);
    if (news === null) {
      batch.seek(String(stream.decidedTo));
      return;
    }
    const last = batch.records.at(-1);
    if (news.length === 0 && last) batch.resolve(last.offset);
    for await (const decided of this.deciding.decide(stream, news)) {
      this.countSoon(owned);
      if (!owned.isHeld()) return;
      batch.resolve(decided);
      await batch.heartbeat();
    }
    failpoint('aggregator.after_decide');
    // One that was lost meanwhile is delivered to its successor, and nobody would end this pause.
    if (this.storing.isFull(stream) && owned.isHeld()) owned.pause(batch);
  }

  /** Deciding does not wait for Redis: what an outage leaves uncounted is counted by the clock. */
  private countSoon(owned: OwnedPartition): void {
    this.counting.follow(owned).catch((error: unknown) => {
      this.logger.warn({ err: error, partition: owned.stream.key.partition }, 'not counted yet');
    });
  }

  /**
   * Stores what is decided and lets go of partitions that may be somebody else's from now on.
   * If they are, the epoch refuses the storing and the new owner decides the same again.
   */
  async giveUp(partitions: readonly number[], generation: number): Promise<void> {
    await this.counting.followAll().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'not counted before giving up');
    });
    await this.storing.storeAll();
    this.partitions.release(partitions, generation);
  }
}
