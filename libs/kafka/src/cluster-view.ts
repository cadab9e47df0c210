import { type Logger, withDeadline } from '#platform';
import { kafkaReads } from './client/reads.js';
import {
  type AdminSession,
  type ReadingClient,
  type PartitionEnds,
  type TopicSetting,
} from './client/sessions.js';

export interface ClusterViewOptions {
  app: string;
  brokers: readonly string[];
  logger: Logger;
  /** Default 2000: of each call. */
  timeoutMs?: number;
}

interface Connection {
  session: AdminSession;
  connected: Promise<AdminSession>;
}

const TIMEOUT_MS = 2_000;

/** Asks the cluster over one connection that is kept, and built anew after trouble. Every call throws after its timeout. */
export class ClusterView {
  private connection: Connection | null = null;
  private readonly timeoutMs: number;
  /** Questions under way: who asks the same meanwhile gets the same answer. */
  private readonly asked = new Map<string, Promise<unknown>>();

  constructor(
    private readonly options: ClusterViewOptions,
    private readonly client: ReadingClient = kafkaReads,
  ) {
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  /** The id that the log was born with: a rebuilt cluster has another. */
  async clusterId(): Promise<string> {
    return (await this.ask('cluster id', (admin) => admin.describeCluster())).id;
  }

  async brokerCount(): Promise<number> {
    return (await this.ask('brokers', (admin) => admin.describeCluster())).brokerCount;
  }

  topicEnds(topic: string): Promise<PartitionEnds[]> {
    return this.ask(`ends of ${topic}`, async (admin) =>
      (await admin.topicEnds(topic)).sort((a, b) => a.partition - b.partition),
    );
  }

  /** How many partitions each existing topic has. */
  partitionCounts(): Promise<Map<string, number>> {
    return this.ask('topics', (admin) => admin.partitionCounts());
  }

  /** The group's committed offsets in a topic; a partition without one is left out. */
  committedOffsets(groupId: string, topic: string): Promise<Map<number, string>> {
    return this.ask(`offsets of ${groupId} in ${topic}`, (admin) =>
      admin.committedOffsets(groupId, topic),
    );
  }

  topicSettings(topic: string): Promise<TopicSetting[]> {
    return this.ask(`settings of ${topic}`, (admin) => admin.topicSettings(topic));
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
  private async ask<T>(what: string, question: (admin: AdminSession) => Promise<T>): Promise<T> {
    const answer = (this.asked.get(what) as Promise<T> | undefined) ?? this.askAnew(what, question);
    this.asked.set(what, answer);
    try {
      return await answer;
    } finally {
      this.asked.delete(what);
    }
  }

  /** After a failure the connection is cut: the next question builds another. */
  private async askAnew<T>(
    what: string,
    question: (admin: AdminSession) => Promise<T>,
  ): Promise<T> {
    this.connection ??= this.connect();
    const { connection } = this;
    try {
      return await withDeadline(
        () => connection.connected.then(question),
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
    const session = this.client.openAdmin({ ...this.options, timeoutMs: this.timeoutMs });
    return { session, connected: session.connect().then(() => session) };
  }

  private drop(connection: Connection): void {
    connection.session.discard('the connection is given up');
    if (this.connection === connection) this.connection = null;
  }
}
