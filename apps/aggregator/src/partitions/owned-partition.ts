import type { RecordBatch } from '#kafka';
import type { PartitionStream } from './partition-stream.js';

/** Who knows whether a partition is still this process' own. */
interface Owner {
  holds(owned: OwnedPartition): boolean;
  retake(owned: OwnedPartition): Promise<void>;
}

/** A partition that this process owns: its stream, and the way back to Kafka of the batch that came last. */
export class OwnedPartition {
  private lastBatch: RecordBatch | null = null;
  /** Ends the pause of its delivery; null when it is not paused. */
  private endPause: (() => void) | null = null;
  private isBeingStored = false;

  constructor(
    readonly stream: PartitionStream,
    readonly generation: number,
    private readonly owner: Owner,
  ) {}

  get isStoring(): boolean {
    return this.isBeingStored;
  }

  isHeld(): boolean {
    return this.owner.holds(this);
  }

  /** Another process raised the epoch: see `OwnedPartitions`. */
  retake(): Promise<void> {
    return this.owner.retake(this);
  }

  arrived(batch: RecordBatch): void {
    this.lastBatch = batch;
  }

  /** Holds its delivery back until `resume`. */
  pause(batch: RecordBatch): void {
    this.endPause ??= batch.pause();
  }

  /** What was held back while `former` owned it stays so until its successor resumes it. */
  succeed(former: OwnedPartition): void {
    this.endPause = former.endPause;
  }

  resume(): void {
    this.endPause?.();
    this.endPause = null;
  }

  /** Null when no batch is at hand to go back with. */
  get wayBack(): RecordBatch | null {
    return this.lastBatch?.isCurrent() ? this.lastBatch : null;
  }

  /** Lets the offset in Kafka follow, for monitoring. */
  async commit(storedTo: bigint): Promise<void> {
    await this.lastBatch?.commit(String(storedTo));
  }

  /** One at a time: `work` stores something of it. */
  async storing<T>(work: () => Promise<T>): Promise<T> {
    this.isBeingStored = true;
    try {
      return await work();
    } finally {
      this.isBeingStored = false;
    }
  }
}
