import { type Consumer, type EachBatchPayload, type KafkaMessage } from 'kafkajs';
import { type KafkaRecord, type TopicPartition } from '../../record-batch.js';
import {
  type ConsumerEvents,
  type ConsumerSession,
  type ConsumerSessionOptions,
  type PartitionOffset,
} from '../sessions.js';
import { createKafkajsClient, type KafkajsClient } from './kafkajs-client.js';
import { MembershipWatch } from './membership-watch.js';

/** Below the default of a minute: a member stuck in its handler would hold up everybody's rebalance that long. */
const REBALANCE_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** As they travel: unpacked they are five times as many, for each partition that is handled at the same time. */
const BYTES_PER_PARTITION_MAX = 2 * 1024 * 1024;
const BYTES_MAX = 8 * 1024 * 1024;
/** Long enough for a broker's restart: this member then keeps its id, and nobody waits for its session to time out. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 30 };

/** kafkajs would restart after some failures and stay silent after others; here every crash ends the membership. */
export class KafkajsConsumerSession implements ConsumerSession {
  private readonly client: KafkajsClient;
  private readonly consumer: Consumer;

  constructor(
    private readonly options: ConsumerSessionOptions,
    private readonly events: ConsumerEvents,
  ) {
    this.client = createKafkajsClient({
      ...options,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      retry: RETRY,
    });
    this.consumer = this.client.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionTimeoutMs,
      heartbeatInterval: Math.floor(options.sessionTimeoutMs / 4),
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      minBytes: 1,
      maxBytes: BYTES_MAX,
      maxBytesPerPartition: BYTES_PER_PARTITION_MAX,
      maxWaitTimeInMs: options.fetchWaitMsMax,
      allowAutoTopicCreation: false,
      retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
    });
    this.listen();
  }

  async run(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.partitionsConsumedConcurrently,
      eachBatch: (payload) => this.deliver(payload),
    });
  }

  seek({ topic, partition }: TopicPartition, offset: string): void {
    this.consumer.seek({ topic, partition, offset });
  }

  pause({ topic, partition }: TopicPartition): void {
    this.consumer.pause([{ topic, partitions: [partition] }]);
  }

  resume({ topic, partition }: TopicPartition): void {
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  commit(offsets: readonly PartitionOffset[]): Promise<void> {
    return this.consumer.commitOffsets([...offsets]);
  }

  leave(): Promise<void> {
    return this.consumer.disconnect();
  }

  discard(reason: string): void {
    this.client.cut(reason);
    this.consumer.disconnect().catch(() => undefined);
  }

  private async deliver(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, highWatermark, messages } = payload.batch;
    await this.events.batch({
      topic,
      partition,
      firstOffset: payload.batch.firstOffset(),
      highWatermark,
      records: messages.map(recordFrom),
      heartbeat: () => this.heartbeat(payload),
      resolve: (offset) => payload.resolveOffset(offset),
    });
  }

  /** kafkajs finds out about a rebalance by itself once the handler is done; a membership that is gone counts at once. */
  private async heartbeat(payload: EachBatchPayload): Promise<void> {
    try {
      await payload.heartbeat();
    } catch (error) {
      const type = error instanceof Error && 'type' in error ? error.type : null;
      if (type === 'UNKNOWN_MEMBER_ID' || type === 'ILLEGAL_GENERATION') this.events.revoked();
      throw error;
    }
  }

  private endIf(reason: string | null): void {
    if (reason !== null) this.events.ended(reason);
  }

  private listen(): void {
    const { CRASH, FETCH, FETCH_START, GROUP_JOIN, HEARTBEAT, REBALANCING } = this.consumer.events;
    const watch = new MembershipWatch(this.options.sessionTimeoutMs);
    this.consumer.on(FETCH_START, () => {
      this.events.tick();
      this.endIf(watch.fetching());
    });
    this.consumer.on(FETCH, () => this.endIf(watch.fetched(Date.now())));
    this.consumer.on(HEARTBEAT, () => watch.heartbeat());
    this.consumer.on(REBALANCING, () => {
      watch.rebalancing();
      this.events.revoked();
    });
    this.consumer.on(CRASH, ({ payload }) => this.events.ended(payload.error.message));
    this.consumer.on(GROUP_JOIN, ({ payload }) => {
      watch.joined();
      this.events.tick();
      this.events.joined(
        Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
          partitions.map((partition) => ({ topic, partition })),
        ),
      );
    });
  }
}

function recordFrom({ offset, timestamp, headers, value }: KafkaMessage): KafkaRecord {
  const texts = Object.entries(headers ?? {}).map(
    ([name, content]) => [name, String(content ?? '')] as const,
  );
  return {
    offset,
    timestampMs: Number(timestamp),
    headers: Object.fromEntries(texts),
    value: value ?? Buffer.alloc(0),
  };
}
