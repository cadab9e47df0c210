import { Inject, Injectable } from '@nestjs/common';
import type { RecordBatch } from '#kafka';
import { failpoint, LOGGER, type Logger } from '#platform';
import { AggregatorMetrics } from './aggregator.metrics.js';
import { AGGREGATOR_PORTS, type AggregatorPorts } from './aggregator.ports.js';
import { IdentityFilter } from './identity-filter.js';
import { PartitionStream } from './partition-stream.js';

/** A partition that this process owns: its stream, and the way back to Kafka of the batch that came last. */
export interface OwnedPartition {
  readonly stream: PartitionStream;
  readonly generation: number;
  lastBatch: RecordBatch | null;
  /** Ends the pause of its delivery; null when it is not paused. */
  resume: (() => void) | null;
  storing: boolean;
}

/** Which partitions this process owns, by the epochs in PostgreSQL. What a former owner held is forgotten. */
@Injectable()
export class OwnedPartitions {
  private readonly owned = new Map<number, OwnedPartition>();
  private readonly takingOver = new Map<number, { newest: number; done: Promise<string> }>();
  private readonly filters = new Map<number, { epoch: bigint; filter: IdentityFilter }>();

  constructor(
    @Inject(AGGREGATOR_PORTS) private readonly ports: AggregatorPorts,
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
    const { stream, generation, lastBatch } = lost;
    const { partition } = stream.key;
    this.metrics.ownershipLost.inc();
    this.logger.warn({ partition, epoch: String(stream.epoch) }, 'partition has another owner');
    if (!this.holds(lost)) return;
    if (!lastBatch?.isCurrent()) {
      this.owned.delete(partition);
      return;
    }
    // Until this succeeds the lost stream stays, is refused at its next storing, and brings us here again.
    lastBatch.seek(await this.takeOver(partition, generation));
    lost.resume?.();
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
    const ownership = await this.ports.ownership.takeOver(key);
    failpoint('aggregator.after_take_over');
    const filter = await this.filterFor(partition, ownership.epoch);
    const stream = new PartitionStream(key, ownership, filter);
    this.owned.set(partition, {
      stream,
      generation,
      lastBatch: null,
      resume: null,
      storing: false,
    });
    const { epoch, storedTo, plan } = ownership;
    this.logger.info(
      { partition, epoch: String(epoch), from: String(storedTo), unfinishedPlan: plan?.token },
      'partition taken over',
    );
    return String(storedTo);
  }

  /** The filter of the last ownership serves on when nobody owned the partition in between: it knows all that we decided. */
  private async filterFor(partition: number, epoch: bigint): Promise<IdentityFilter> {
    const last = this.filters.get(partition);
    if (last?.epoch === epoch - 1n) {
      last.epoch = epoch;
      return last.filter;
    }
    const { filterIdentitiesMin, filterIdentitiesMax } = this.ports.bounds;
    const stored = await this.ports.store.countIdentities(partition);
    const filter = new IdentityFilter(
      Math.min(Math.max(stored * 4, filterIdentitiesMin), filterIdentitiesMax),
    );
    const added = await filter.addAll(this.ports.store.streamIdentities(partition));
    // A server that fails midway may end its answer as if it were whole; a filter that misses identities counts twice.
    if (added < stored) {
      throw new Error(`partition ${partition} has ${stored} identities, and only ${added} arrived`);
    }
    this.filters.set(partition, { epoch, filter });
    return filter;
  }
}
