import { Inject, Injectable } from '@nestjs/common';
import type { RecordBatch } from '#kafka';
import { LOGGER, type Logger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { OwnedPartition } from './owned-partition.js';
import { OwnershipSink } from './ownership.sink.js';
import { PartitionStream } from './partition-stream.js';
import { PARTITIONS_PORTS, type PartitionsPorts } from './partitions.ports.js';

/** Which partitions this process owns, by the epochs in PostgreSQL. What a former owner held is forgotten. */
@Injectable()
export class OwnedPartitions {
  private readonly owned = new Map<number, OwnedPartition>();
  private readonly takingOver = new Map<number, { newest: number; done: Promise<string> }>();

  constructor(
    @Inject(PARTITIONS_PORTS) private readonly ports: PartitionsPorts,
    private readonly sink: OwnershipSink,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Takes a partition over and says where to begin: at the first record that is not stored. One at a time for each
   * partition, and none for a generation that is over: the last epoch raised is always the present generation's.
   */
  takeOver(partition: number, generation: number): Promise<string> {
    const waiting = this.takingOver.get(partition);
    const newest = Math.max(generation, waiting?.newest ?? 0);
    const done = (waiting?.done ?? Promise.resolve(''))
      .catch(() => undefined)
      .then(() => this.takeOverNext(partition, generation));
    this.takingOver.set(partition, { newest, done });
    return done;
  }

  /** Another process raised the epoch. If Kafka still says that the partition is ours, it is taken over anew. */
  async retake(lost: OwnedPartition): Promise<void> {
    const { stream, generation, wayBack } = lost;
    const { partition } = stream.key;
    this.metrics.ownershipLost.inc();
    this.logger.warn({ partition, epoch: String(stream.epoch) }, 'partition has another owner');
    if (!this.holds(lost)) return;
    if (wayBack === null) {
      this.owned.delete(partition);
      return;
    }
    // Until this succeeds the lost stream stays, is refused at its next storing, and brings us here again.
    wayBack.seek(await this.takeOver(partition, generation));
    this.owned.get(partition)?.resume();
  }

  release(partitions: readonly number[], generation: number): void {
    for (const partition of partitions) {
      if (this.owned.get(partition)?.generation === generation) this.owned.delete(partition);
    }
  }

  of(batch: RecordBatch): OwnedPartition | null {
    const owned = this.owned.get(batch.partition);
    return owned?.generation === batch.generation ? owned : null;
  }

  holds(owned: OwnedPartition): boolean {
    return this.owned.get(owned.stream.key.partition) === owned;
  }

  all(): OwnedPartition[] {
    return [...this.owned.values()];
  }

  private async takeOverNext(partition: number, generation: number): Promise<string> {
    if (generation < (this.takingOver.get(partition)?.newest ?? 0)) {
      throw new Error(`generation ${generation} is over`);
    }
    const key = { ...this.ports.source, partition };
    const ownership = await this.sink.takeOver(key);
    const filter = await this.ports.identities.filterFor(partition, ownership.epoch);
    const stream = new PartitionStream(key, ownership, filter);
    const owned = new OwnedPartition(stream, generation, this);
    const former = this.owned.get(partition);
    if (former?.generation === generation) owned.succeed(former);
    this.owned.set(partition, owned);
    const { epoch, storedTo, plan } = ownership;
    this.logger.info(
      { partition, epoch: String(epoch), from: String(storedTo), unfinishedPlan: plan?.token },
      'partition taken over',
    );
    return String(storedTo);
  }
}
