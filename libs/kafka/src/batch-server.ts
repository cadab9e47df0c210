import {
  BaseRpcContext,
  type CustomTransportStrategy,
  type MessageHandler,
  Server,
} from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { type Topic } from '#contracts';
import { type Logger } from '#platform';
import { assertHandlers } from './assert-wiring.js';
import { type AssignedProgress } from './consumer-progress.js';
import { GroupConsumer } from './group-consumer.js';
import { type RecordBatch, type TopicPartition } from './record-batch.js';

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

/**
 * Delivers batches of Kafka records to Nest's `@EventPattern(topic)` handlers, one `RecordBatch` a call.
 * Register with `app.connectMicroservice({ strategy })`.
 */
export class KafkaBatchServer extends Server implements CustomTransportStrategy {
  /** A failed handler means a batch that comes again; it is reported where that is decided. */
  override readonly propagatesEventHandlerErrors = true;
  private readonly consumer: GroupConsumer;

  constructor(private readonly options: BatchServerOptions) {
    super();
    this.consumer = new GroupConsumer({
      sessionTimeoutMs: 6_000,
      partitionsConsumedConcurrently: 1,
      fetchWaitMsMax: 50,
      ...options,
      topics: options.topics.map(({ name }) => name),
      handle: (batch) => this.handle(batch),
    });
  }

  /** When the slowest partition last moved, or had nothing left to read; milliseconds since the epoch. */
  get lastProgressAt(): number {
    return this.consumer.progress.lastProgressAt;
  }

  get assigned(): readonly AssignedProgress[] {
    return this.consumer.progress.assigned;
  }

  /** A readiness check: null, or why this consumer cannot be counted on. An idle consumer is ready. */
  unreadyReason(): string | null {
    return this.consumer.progress.unreadyReason();
  }

  /** Refuses wrong wiring; does not wait for the brokers. */
  listen(callback: (error?: unknown) => void): void {
    try {
      assertHandlers(this.options.app, this.options.topics, this.handlerCounts());
    } catch (error) {
      callback(error);
      return;
    }
    this.consumer.start();
    callback();
  }

  /** Takes no new batch, waits for the handlers in flight, publishes the positions and leaves the group. */
  async close(): Promise<void> {
    await this.consumer.close();
  }

  on(): never {
    throw new Error('events of the Kafka client are not exposed');
  }

  unwrap(): never {
    throw new Error('the Kafka client is not exposed');
  }

  private async handle(batch: RecordBatch): Promise<void> {
    const context = new BaseRpcContext([batch]);
    await this.handleEvent(batch.topic, { pattern: batch.topic, data: batch }, context);
  }

  /** Unlike Nest's own: waits for the handler and for what it returns, so that a failure reaches the consumer. */
  override async handleEvent(
    pattern: string,
    packet: { pattern: string; data: RecordBatch },
    context: BaseRpcContext,
  ): Promise<void> {
    const handler = this.getHandlerByPattern(pattern);
    if (handler === null) throw new Error(`no handler for ${pattern}`);
    const result: unknown = await handler(packet.data, context);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }

  private handlerCounts(): Map<string, number> {
    return new Map([...this.getHandlers()].map(([pattern, first]) => [pattern, chained(first)]));
  }
}

/** Nest hangs a second handler of the same pattern behind the first. */
function chained(handler: MessageHandler | undefined): number {
  return handler === undefined ? 0 : 1 + chained(handler.next as MessageHandler | undefined);
}
