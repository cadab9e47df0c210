export interface TopicPartition {
  topic: string;
  partition: number;
}

export interface KafkaRecord {
  offset: string;
  /** Time of the broker's append, milliseconds since the epoch. */
  timestampMs: number;
  headers: Record<string, string>;
  value: Buffer;
}

/**
 * What an `@EventPattern(topic)` handler receives: the next records of one partition, in order and without a gap.
 * A batch belongs to one generation of the group. Once the partition may have another owner, or after `seek`, it is
 * stale: everything that would move a position does nothing. A handler that throws reports an outage: the batch comes
 * again from the first unresolved record, after a back-off, for ever.
 */
export interface RecordBatch extends TopicPartition {
  /** One past the last offset that the brokers hold. */
  highWatermark: string;
  records: readonly KafkaRecord[];
  /** Rises with every assignment that this process receives; never falls, not even across a restart of the consumer. */
  generation: number;
  /** False once the work on this batch is, or may be, somebody else's. True proves nothing: fence at the sink. */
  isCurrent(): boolean;
  /** Keeps the membership alive in a long piece of work. Throws when the group moves on: let it pass. */
  heartbeat(): Promise<void>;
  /** Moves this process's fetch position behind `offset`; never backwards. Nothing is written to Kafka. */
  resolve(offset: string): void;
  /** Continues at `offset`, before or behind the present position. The rest of this batch is stale. */
  seek(offset: string): void;
  /** Stops the delivery of this partition until the returned function is called. Back-pressure of one owner. */
  pause(): () => void;
  /** Publishes `offset` (the next one wanted) as the group's, for monitoring. Failures are logged, never thrown. */
  commit(offset: string): Promise<void>;
}
