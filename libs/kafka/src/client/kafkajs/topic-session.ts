import kafkajs, { type Admin } from 'kafkajs';
import { type AdminSessionOptions, type NewTopic, type TopicSession } from '../sessions.js';
import { createKafkajsClient, type KafkajsClient } from './kafkajs-client.js';

export class KafkajsTopicSession implements TopicSession {
  private readonly client: KafkajsClient;
  private readonly admin: Admin;

  constructor(private readonly options: AdminSessionOptions) {
    this.client = createKafkajsClient({
      ...options,
      requestTimeoutMs: options.timeoutMs,
      retry: { initialRetryTime: 50, maxRetryTime: 200, retries: 3 },
    });
    this.admin = this.client.kafka.admin();
  }

  connect(): Promise<void> {
    return this.admin.connect();
  }

  async create({ name, partitions, replicationFactor, settings }: NewTopic): Promise<void> {
    const configEntries = entriesOf(settings);
    const topic = { topic: name, numPartitions: partitions, replicationFactor, configEntries };
    await this.admin.createTopics({
      topics: [topic],
      waitForLeaders: true,
      timeout: this.options.timeoutMs,
    });
  }

  async replaceSettings(topic: string, settings: Readonly<Record<string, string>>): Promise<void> {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic };
    await this.admin.alterConfigs({
      validateOnly: false,
      resources: [{ ...resource, configEntries: entriesOf(settings) }],
    });
  }

  discard(reason: string): void {
    this.client.cut(reason);
    this.admin.disconnect().catch(() => undefined);
  }
}

function entriesOf(settings: Readonly<Record<string, string>>) {
  return Object.entries(settings).map(([name, value]) => ({ name, value }));
}
