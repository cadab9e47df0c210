import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { type Topic } from '#contracts';
import { type Logger } from '#platform';
import { type TopicPartition } from './record-batch.js';

export interface BatchServerOptions {
  /** The app's name, as the table of topics has it. */
  app: string;
  brokers: readonly string[];
  groupId: string;
  topics: readonly Topic[];
  logger: Logger;
  /**
   * `after-handler`: a batch is done when its handler is; the group's offset follows, a few hundred ms behind.
   * `by-handler`: the handler resolves, seeks and commits; what it leaves unresolved comes again.
   */
  commit: 'after-handler' | 'by-handler';
  /** Default 6000. A member that dies without leaving holds its partitions this long. */
  sessionTimeoutMs?: number;
  /** How many partitions are handled at the same time; one partition never is. Default 1. */
  partitionsConsumedConcurrently?: number;
  /** How long a fetch may wait for data. Default 50. */
  fetchWaitMsMax?: number;
  /**
   * Asked for each partition of a new assignment before anything of it is delivered: the offset to begin at,
   * or null for the group's committed one (the earliest when there is none). A throw is asked again after a back-off.
   */
  startAt?(partition: TopicPartition, generation: number): Promise<string | null>;
  onAssigned?(assignment: readonly TopicPartition[], generation: number): void;
  /** The partitions of `generation` are no longer this process's. Awaited when the server closes, before it leaves the group. */
  onRevoked?(assignment: readonly TopicPartition[], generation: number): void | Promise<void>;
}

export interface AssignedProgress extends TopicPartition {
  /** The next offset to be delivered, null while it is being found out. */
  position: string | null;
  highWatermark: string | null;
  /** Records between the position and the end of the log, null while unknown. */
  lag: number | null;
}

/**
 * Delivers batches of Kafka records to Nest's `@EventPattern(topic)` handlers, one `RecordBatch` a call.
 * Register with `app.connectMicroservice({ strategy })`.
 */
export class KafkaBatchServer extends Server implements CustomTransportStrategy {
  constructor(readonly options: BatchServerOptions) {
    super();
  }

  /** When a position last moved, or nothing was left to read; milliseconds since the epoch. */
  get lastProgressAt(): number {
    throw new Error('not built yet');
  }

  get assigned(): readonly AssignedProgress[] {
    throw new Error('not built yet');
  }

  /** A readiness check: null, or why this consumer cannot be counted on. An idle consumer is ready. */
  unreadyReason(): string | null {
    throw new Error('not built yet');
  }

  listen(_callback: (error?: unknown) => void): void {
    throw new Error('not built yet');
  }

  /** Takes no new batch, waits for the handlers in flight, publishes the positions and leaves the group. */
  close(): Promise<void> {
    throw new Error('not built yet');
  }

  on(): never {
    throw new Error('events of the Kafka client are not exposed');
  }

  unwrap(): never {
    throw new Error('the Kafka client is not exposed');
  }
}
