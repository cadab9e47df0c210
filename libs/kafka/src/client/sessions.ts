import { type Logger } from '#platform';
import { type EnvelopeRecord } from '../pending-sends.js';
import { type KafkaRecord, type TopicPartition } from '../record-batch.js';
import { type BaseOffset } from '../send-outcome.js';

/**
 * What this library asks of a Kafka client. A session has connections of its own and one task; it is never mended: at the
 * first trouble its owner discards it and opens the next. Here those that change nothing in the log and in its topics.
 */
export interface ReadingClient {
  openConsumer(options: ConsumerSessionOptions, events: ConsumerEvents): ConsumerSession;
  openAdmin(options: AdminSessionOptions): AdminSession;
}

/** And those that do: kept apart, so that an app that only reads is not led to them. */
export interface WritingClient {
  openProducer(options: ProducerSessionOptions): ProducerSession;
  openTopics(options: AdminSessionOptions): TopicSession;
}

export interface SessionOptions {
  /** The app's name, for the brokers' logs. */
  app: string;
  brokers: readonly string[];
  logger: Logger;
}

interface Session {
  /** Ends the session at once and for good: nothing of it is sent or repeated any more, but for what the kernel already holds. */
  discard(reason: string): void;
}

export interface ProducerSessionOptions extends SessionOptions {
  ackTimeoutMs: number;
}

/** One producer id's life: idempotent, with the acknowledgement of every in-sync replica. */
export interface ProducerSession extends Session {
  /** Throws when the brokers do not give a producer id. */
  connect(): Promise<void>;
  /** Where the records of each acknowledged partition begin. Call it again only after it has settled, and not after it threw. */
  produce(topic: string, records: readonly EnvelopeRecord[]): Promise<BaseOffset[]>;
}

export interface ConsumerSessionOptions extends SessionOptions {
  groupId: string;
  topics: readonly string[];
  sessionTimeoutMs: number;
  partitionsConsumedConcurrently: number;
  fetchWaitMsMax: number;
}

/** What a consumer session tells its owner. */
export interface ConsumerEvents {
  /** The group gave this process its partitions. Called before anything of them is fetched. */
  joined(assignment: TopicPartition[]): void;
  /** The assignment is over, or may be: the group moves on. */
  revoked(): void;
  /** The next one of a partition comes when this has settled. */
  batch(fetched: FetchedRecords): Promise<void>;
  /** The fetch loop went round. */
  tick(): void;
  /** The membership is over, whatever the client believes. Its owner discards the session. */
  ended(reason: string): void;
}

/** Records of one partition as they travelled. */
export interface FetchedRecords extends TopicPartition {
  /** Of the first record that was fetched, be it one that is not shown; null when there was none. */
  firstOffset: string | null;
  highWatermark: string;
  records: readonly KafkaRecord[];
  /** Sent when one is due. Throws when the group moves on; a membership that is gone is `revoked` first. */
  heartbeat(): Promise<void>;
  /** The next fetch begins behind this offset. */
  resolve(offset: string): void;
}

export interface PartitionOffset extends TopicPartition {
  offset: string;
}

/** One membership in a consumer group. It never commits by itself. */
export interface ConsumerSession extends Session {
  /** Joins the group and begins to consume. */
  run(): Promise<void>;
  seek(partition: TopicPartition, offset: string): void;
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  commit(offsets: readonly PartitionOffset[]): Promise<void>;
  /** Leaves the group, so that the others need not wait for the session to time out. */
  leave(): Promise<void>;
}

export interface AdminSessionOptions extends SessionOptions {
  timeoutMs: number;
}

export interface PartitionEnds {
  partition: number;
  /** The first offset still held. */
  low: string;
  /** One past the last offset held. */
  high: string;
}

export interface TopicSetting {
  name: string;
  value: string;
  /** Set for this topic, not a default of the brokers. */
  isOwn: boolean;
}

/** Answers about the cluster; changes nothing. */
export interface AdminSession extends Session {
  connect(): Promise<void>;
  describeCluster(): Promise<{ id: string; brokerCount: number }>;
  topicEnds(topic: string): Promise<PartitionEnds[]>;
  /** How many partitions each existing topic has. */
  partitionCounts(): Promise<Map<string, number>>;
  /** The group's offsets in a topic; a partition without one is left out. */
  committedOffsets(groupId: string, topic: string): Promise<Map<number, string>>;
  topicSettings(topic: string): Promise<TopicSetting[]>;
}

export interface NewTopic {
  name: string;
  partitions: number;
  replicationFactor: number;
  settings: Readonly<Record<string, string>>;
}

export interface TopicSession extends Session {
  connect(): Promise<void>;
  /** Waits for the leaders of all partitions. */
  create(topic: NewTopic): Promise<void>;
  /** Settings that are not named fall back to the brokers' defaults. */
  replaceSettings(topic: string, settings: Readonly<Record<string, string>>): Promise<void>;
}
