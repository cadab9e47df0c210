import kafkajs, { type Admin } from 'kafkajs';
import {
  type AdminSession,
  type AdminSessionOptions,
  type PartitionEnds,
  type TopicSetting,
} from '../sessions.js';
import { createKafkajsClient, type KafkajsClient } from './kafkajs-client.js';

export class KafkajsAdminSession implements AdminSession {
  private readonly client: KafkajsClient;
  private readonly admin: Admin;
  private connecting: Promise<void> | null = null;

  constructor(options: AdminSessionOptions) {
    this.client = createKafkajsClient({
      ...options,
      requestTimeoutMs: options.timeoutMs,
      retry: { initialRetryTime: 50, maxRetryTime: 200, retries: 3 },
    });
    this.admin = this.client.kafka.admin();
  }

  connect(): Promise<void> {
    return (this.connecting = this.admin.connect());
  }

  discard(reason: string): void {
    this.client.cut(reason);
    this.connecting?.then(() => this.admin.disconnect()).catch(() => undefined);
  }

  async describeCluster(): Promise<{ id: string; brokerCount: number }> {
    const { clusterId, brokers } = await this.admin.describeCluster();
    return { id: clusterId, brokerCount: brokers.length };
  }

  async topicEnds(topic: string): Promise<PartitionEnds[]> {
    const ends = await this.admin.fetchTopicOffsets(topic);
    return ends.map(({ partition, low, high }) => ({ partition, low, high }));
  }

  async partitionCounts(): Promise<Map<string, number>> {
    const { topics } = await this.admin.fetchTopicMetadata();
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  }

  async committedOffsets(groupId: string, topic: string): Promise<Map<number, string>> {
    const [offsets] = await this.admin.fetchOffsets({ groupId, topics: [topic] });
    // Where there is none, kafkajs says -1.
    const committed = (offsets?.partitions ?? []).filter(({ offset }) => BigInt(offset) >= 0n);
    return new Map(committed.map(({ partition, offset }) => [partition, offset]));
  }

  async topicSettings(topic: string): Promise<TopicSetting[]> {
    const { resources } = await this.admin.describeConfigs({
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
      includeSynonyms: false,
    });
    return (resources[0]?.configEntries ?? []).map(({ configName, configValue, configSource }) => ({
      name: configName,
      value: configValue,
      isOwn: configSource === kafkajs.ConfigSource.TOPIC_CONFIG,
    }));
  }
}
