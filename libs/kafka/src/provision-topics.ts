import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { type Topic, TOPICS } from '#contracts';
import { type Logger } from '#platform';
import { ClusterView } from './cluster-view.js';

export interface ProvisionOptions {
  brokers: readonly string[];
  logger: Logger;
  /** Default: 1 on fewer than three brokers, else 3. */
  replicationFactor?: number;
  /** Default: the table of topics. */
  topics?: readonly Topic[];
}

/** Generous: creating a topic waits for the leaders of all its partitions. */
const TIMEOUT_MS = 20_000;

/**
 * Makes the cluster match the table of topics: creates what is missing, corrects settings, leaves other settings alone.
 * Throws, naming the topics, when existing ones have another partition count: changing it would move identities to other writers.
 */
export async function provisionTopics(options: ProvisionOptions): Promise<void> {
  const { topics = Object.values(TOPICS), logger } = options;
  const view = new ClusterView({ ...options, app: 'provision-topics', timeoutMs: TIMEOUT_MS });
  try {
    const existing = await view.partitionCounts();
    assertPartitionCounts(topics, existing);
    const replicationFactor = options.replicationFactor ?? ((await view.brokerCount()) < 3 ? 1 : 3);
    for (const topic of topics) {
      const created = !existing.has(topic.name);
      if (created)
        await view.ask(`creation of ${topic.name}`, (admin) =>
          create(admin, topic, replicationFactor),
        );
      const corrected = await view.ask(`settings of ${topic.name}`, (admin) =>
        correctSettings(admin, topic, replicationFactor),
      );
      logger.info({ topic: topic.name, created, corrected }, 'topic provisioned');
    }
  } finally {
    await view.close();
  }
}

function assertPartitionCounts(topics: readonly Topic[], existing: Map<string, number>): void {
  const wrong = topics
    .map(({ name, partitions }) => ({ name, partitions, found: existing.get(name) }))
    .filter(({ partitions, found }) => found !== undefined && found !== partitions)
    .map(
      ({ name, partitions, found }) => `${name} has ${found} partitions, must have ${partitions}`,
    );
  if (wrong.length > 0) throw new Error(`topics cannot be provisioned: ${wrong.join('; ')}`);
}

function settingsOf(topic: Topic, replicationFactor: number): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(topic.retentionMs),
    // Without it a default of the brokers could drop usage by size before its time.
    'retention.bytes': '-1',
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': String(topic.messageBytesMax),
    'min.insync.replicas': replicationFactor >= 3 ? '2' : '1',
  };
}

async function create(admin: Admin, topic: Topic, replicationFactor: number): Promise<void> {
  const wanted: ITopicConfig = {
    topic: topic.name,
    numPartitions: topic.partitions,
    replicationFactor,
    configEntries: Object.entries(settingsOf(topic, replicationFactor)).map(([name, value]) => ({
      name,
      value,
    })),
  };
  await admin.createTopics({ topics: [wanted], waitForLeaders: true, timeout: TIMEOUT_MS });
}

/** The names of the settings that were wrong. The request replaces all of a topic's settings, so the others go along. */
async function correctSettings(
  admin: Admin,
  topic: Topic,
  replicationFactor: number,
): Promise<string[]> {
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic.name };
  const { resources } = await admin.describeConfigs({
    resources: [resource],
    includeSynonyms: false,
  });
  const entries = resources[0]?.configEntries ?? [];
  const found = new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  const settings = settingsOf(topic, replicationFactor);
  const wrong = Object.keys(settings).filter((name) => found.get(name) !== settings[name]);
  if (wrong.length === 0) return [];
  const own = entries.filter(
    ({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG,
  );
  const kept = Object.fromEntries(
    own.map(({ configName, configValue }) => [configName, configValue]),
  );
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        ...resource,
        configEntries: Object.entries({ ...kept, ...settings }).map(([name, value]) => ({
          name,
          value,
        })),
      },
    ],
  });
  return wrong;
}
