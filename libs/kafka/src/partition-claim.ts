import { type PartitionOffset } from './client/sessions.js';
import { type KafkaRecord, type RecordBatch, type TopicPartition } from './record-batch.js';

/** What a claim needs of the consumer that it belongs to. */
export interface ClaimedConsumer {
  seek(partition: TopicPartition, offset: string): void;
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  commit(partition: TopicPartition, offset: string): Promise<void>;
}

/** A fetched batch, its records decoded. */
export interface FetchedBatch {
  highWatermark: string;
  records: readonly KafkaRecord[];
  heartbeat(): Promise<void>;
  resolve(offset: string): void;
}

/**
 * One partition in one generation: where this process reads, and whether it may. The position is kept here, not only in
 * the client: a batch that does not begin at it was fetched for another generation or before a seek, and is not delivered.
 */
export class PartitionClaim {
  /** The next offset to deliver; null while it is being found out. */
  position: bigint | null = null;
  highWatermark: bigint | null = null;
  /** When the position last moved or nothing was left to read; milliseconds since the epoch. */
  lastProgressAt = Date.now();
  /** Batches in a row that the handler threw on. */
  failures = 0;
  private committed: bigint | null = null;
  private ended = false;
  private holds = 0;
  private seeks = 0;

  constructor(
    readonly partition: TopicPartition,
    readonly generation: number,
    private readonly consumer: ClaimedConsumer,
  ) {}

  get isOpen(): boolean {
    return !this.ended;
  }

  get lag(): number | null {
    if (this.position === null || this.highWatermark === null) return null;
    return Math.max(Number(this.highWatermark - this.position), 0);
  }

  /** From here on nothing that was begun under this claim moves anything. */
  end(): void {
    this.ended = true;
  }

  /** Stops delivery until the returned function is called. Holds add up. */
  hold(): () => void {
    if (this.ended) return () => undefined;
    this.holds += 1;
    if (this.holds === 1) this.consumer.pause(this.partition);
    let released = false;
    return () => {
      if (released || this.ended) return;
      released = true;
      this.holds -= 1;
      if (this.holds === 0) this.consumer.resume(this.partition);
    };
  }

  seek(offset: bigint): void {
    if (this.ended) return;
    this.seeks += 1;
    this.position = offset;
    this.consumer.seek(this.partition, offset.toString());
  }

  sawHighWatermark(highWatermark: bigint): void {
    this.highWatermark = highWatermark;
    if (this.lag === 0) this.lastProgressAt = Date.now();
  }

  /** The position, when it has moved since it was last committed. */
  uncommitted(): PartitionOffset[] {
    if (this.ended || this.position === null || this.position === this.committed) return [];
    return [{ ...this.partition, offset: this.position.toString() }];
  }

  hasCommitted(offset: bigint): void {
    this.committed = offset;
  }

  /** The batch as its handler sees it; bound to this claim and to the present position. */
  batchOf(fetched: FetchedBatch): RecordBatch {
    const { seeks, partition, generation } = this;
    const isCurrent = (): boolean => !this.ended && this.seeks === seeks;
    return {
      ...partition,
      generation,
      highWatermark: fetched.highWatermark,
      records: fetched.records,
      isCurrent,
      heartbeat: fetched.heartbeat,
      resolve: (offset) => {
        if (isCurrent()) this.resolve(offset, fetched);
      },
      seek: (offset) => {
        if (isCurrent()) this.seek(BigInt(offset));
      },
      pause: () => this.hold(),
      commit: async (offset) => {
        if (!this.ended) await this.consumer.commit(partition, offset);
      },
    };
  }

  private resolve(offset: string, fetched: FetchedBatch): void {
    const next = BigInt(offset) + 1n;
    if (this.position !== null && next <= this.position) return;
    fetched.resolve(offset);
    this.position = next;
    this.lastProgressAt = Date.now();
  }
}
