import { type Admin } from 'kafkajs';
import { type Logger, withDeadline } from '#platform';
import { createKafkaClient, type KafkaClient } from './client/kafkajs/kafkajs-client.js';

export interface ClusterViewOptions {
  app: string;
  brokers: readonly string[];
  logger: Logger;
  /** Default 2000: of each call. */
  timeoutMs?: number;
}

export interface PartitionEnds {
  partition: number;
  /** The first offset still held. */
  low: string;
  /** One past the last offset held. */
  high: string;
}

interface Connection {
  client: KafkaClient;
  admin: Promise<Admin>;
}

const TIMEOUT_MS = 2_000;

/** Asks the cluster over one connection that is kept, and built anew after trouble. Every call throws after its timeout. */
export class ClusterView {
  private connection: Connection | null = null;
  private readonly timeoutMs: number;
  /** Questions under way: who asks the same meanwhile gets the same answer. */
  private readonly asked = new Map<string, Promise<unknown>>();

  constructor(private readonly options: ClusterViewOptions) {
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  /** The id that the log was born with: a rebuilt cluster has another. */
  async clusterId(): Promise<string> {
    return (await this.ask('cluster id', (admin) => admin.describeCluster())).clusterId;
  }

  async brokerCount(): Promise<number> {
    return (await this.ask('brokers', (admin) => admin.describeCluster())).brokers.length;
  }

  topicEnds(topic: string): Promise<PartitionEnds[]> {
    return this.ask(`ends of ${topic}`, async (admin) =>
      (await admin.fetchTopicOffsets(topic))
        .map(({ partition, low, high }) => ({ partition, low, high }))
        .sort((a, b) => a.partition - b.partition),
    );
  }

  /** How many partitions each existing topic has. */
  async partitionCounts(): Promise<Map<string, number>> {
    const { topics } = await this.ask('topics', (admin) => admin.fetchTopicMetadata());
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  }

  /** The group's committed offsets in a topic; a partition without one is left out. */
  async committedOffsets(groupId: string, topic: string): Promise<Map<number, string>> {
    const [offsets] = await this.ask(`offsets of ${groupId} in ${topic}`, (admin) =>
      admin.fetchOffsets({ groupId, topics: [topic] }),
    );
    const committed = (offsets?.partitions ?? []).filter(({ offset }) => BigInt(offset) >= 0n);
    return new Map(committed.map(({ partition, offset }) => [partition, offset]));
  }

  /** A readiness check: null when the brokers answer, else why not. */
  async unreadyReason(): Promise<string | null> {
    try {
      await this.clusterId();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Runs one question on the kept connection, named by `what`; equal questions at the same time are asked once. */
  async ask<T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    const answer = (this.asked.get(what) as Promise<T> | undefined) ?? this.askAnew(what, question);
    this.asked.set(what, answer);
    try {
      return await answer;
    } finally {
      this.asked.delete(what);
    }
  }

  /** After a failure the connection is cut: the next question builds another. */
  private async askAnew<T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    this.connection ??= this.connect();
    const { connection } = this;
    try {
      return await withDeadline(
        () => connection.admin.then(question),
        this.timeoutMs,
        `Kafka ${what}: no answer`,
      );
    } catch (error) {
      this.drop(connection);
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.connection !== null) this.drop(this.connection);
    return Promise.resolve();
  }

  private connect(): Connection {
    const client = createKafkaClient({
      ...this.options,
      requestTimeoutMs: this.timeoutMs,
      retry: { initialRetryTime: 50, maxRetryTime: 200, retries: 3 },
    });
    const admin = client.kafka.admin();
    return { client, admin: admin.connect().then(() => admin) };
  }

  private drop(connection: Connection): void {
    connection.client.cut('the connection is given up');
    connection.admin.then((admin) => admin.disconnect()).catch(() => undefined);
    if (this.connection === connection) this.connection = null;
  }
}
