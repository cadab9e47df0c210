import { type Consumer, type EachBatchPayload } from 'kafkajs';
import { type Logger, withDeadline } from '#platform';
import { createKafkaClient, type KafkaClient } from './client/kafkajs/kafkajs-client.js';
import { MembershipWatch } from './client/kafkajs/membership-watch.js';
import { type ClaimedConsumer } from './partition-claim.js';
import { type TopicPartition } from './record-batch.js';

export interface GroupMemberOptions {
  app: string;
  brokers: readonly string[];
  groupId: string;
  topics: readonly string[];
  logger: Logger;
  sessionTimeoutMs: number;
  partitionsConsumedConcurrently: number;
  fetchWaitMsMax: number;
}

export interface GroupMemberEvents {
  /** The group gave this process its partitions. Called before anything of them is fetched. */
  joined(assignment: TopicPartition[]): void;
  /** The assignment is over, or may be: the group moves on. */
  revoked(): void;
  batch(payload: EachBatchPayload): Promise<void>;
  /** The fetch loop went round. */
  tick(): void;
}

/** Below the default of a minute: a member stuck in its handler would hold up everybody's rebalance that long. */
const REBALANCE_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 5_000;
const LEAVE_TIMEOUT_MS = 3_000;
const COMMIT_TIMEOUT_MS = 2_000;
/** As they travel: unpacked they are five times as many, for each partition that is handled at the same time. */
const BYTES_PER_PARTITION_MAX = 2 * 1024 * 1024;
const BYTES_MAX = 8 * 1024 * 1024;

/**
 * One membership in a consumer group, from joining to its first failure. kafkajs would restart after some failures and
 * stay silent after others; here every crash ends the member, and its owner builds another.
 */
export class GroupMember implements ClaimedConsumer {
  private readonly client: KafkaClient;
  private readonly consumer: Consumer;
  private readonly ending = Promise.withResolvers<string>();

  constructor(
    private readonly options: GroupMemberOptions,
    private readonly events: GroupMemberEvents,
  ) {
    const { app, brokers, logger } = options;
    // Long enough for a broker's restart: this member then keeps its id, and nobody waits for its session to time out.
    const retry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 30 };
    this.client = createKafkaClient({
      app,
      brokers,
      logger,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      retry,
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
      retry: { ...retry, restartOnFailure: () => Promise.resolve(false) },
    });
    this.listen();
  }

  /** Joins and consumes; settles with the reason when this member has ended. Never throws. */
  async live(): Promise<string> {
    try {
      await this.consumer.connect();
      await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
      await this.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.options.partitionsConsumedConcurrently,
        eachBatch: (payload) => this.events.batch(payload),
      });
    } catch (error) {
      this.end(error instanceof Error ? error.message : String(error));
    }
    return await this.ending.promise;
  }

  /** Gives this member up at once, without leaving the group. */
  end(reason: string): void {
    this.events.revoked();
    this.ending.resolve(reason);
    this.client.cut(reason);
    this.consumer.disconnect().catch(() => undefined);
  }

  private endIf(reason: string | null): void {
    if (reason !== null) this.end(reason);
  }

  /** Leaves the group, so that the others need not wait for the session to time out. */
  async leave(): Promise<void> {
    await withDeadline(
      () => this.consumer.disconnect(),
      LEAVE_TIMEOUT_MS,
      'leaving the group: no answer',
    ).catch((error: unknown) =>
      this.options.logger.warn({ err: error }, 'the group was not left in time'),
    );
    this.end('closed');
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

  async commit(partition: TopicPartition, offset: string): Promise<void> {
    await this.commitAll([{ ...partition, offset }]);
  }

  /** Whether it was committed. Never throws: the group's offsets only say where to begin again, and what they lag comes twice. */
  async commitAll(offsets: (TopicPartition & { offset: string })[]): Promise<boolean> {
    try {
      await withDeadline(
        () => this.consumer.commitOffsets(offsets),
        COMMIT_TIMEOUT_MS,
        'commit: no answer',
      );
      return true;
    } catch (error) {
      this.options.logger.debug({ err: error }, 'offsets not committed');
      return false;
    }
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
    this.consumer.on(CRASH, ({ payload }) => this.end(payload.error.message));
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
