import { type Topic, TOPICS } from '#contracts';
import { type Logger, withDeadline } from '#platform';
import { type TopicSession } from './client/sessions.js';
import { kafkaWrites } from './client/writes.js';
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
  const asking = { ...options, app: 'provision-topics', timeoutMs: TIMEOUT_MS };
  const view = new ClusterView(asking);
  const session = kafkaWrites.openTopics(asking);
  try {
    const existing = await view.partitionCounts();
    assertPartitionCounts(topics, existing);
    const replicationFactor = options.replicationFactor ?? ((await view.brokerCount()) < 3 ? 1 : 3);
    await inTime('connecting', () => session.connect());
    for (const topic of topics) {
      const { name, partitions } = topic;
      const settings = settingsOf(topic, replicationFactor);
      const created = !existing.has(name);
      if (created)
        await inTime(`creation of ${name}`, () =>
          session.create({ name, partitions, replicationFactor, settings }),
        );
      const corrected = await correctSettings(view, session, name, settings);
      logger.info({ topic: name, created, corrected }, 'topic provisioned');
    }
  } finally {
    session.discard('the topics are provisioned');
    await view.close();
  }
}

function inTime(what: string, work: () => Promise<void>): Promise<void> {
  return withDeadline(work, TIMEOUT_MS, `Kafka ${what}: no answer`);
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

/** The names of the settings that were wrong. All of a topic's own settings are replaced at once, so the others go along. */
async function correctSettings(
  view: ClusterView,
  session: TopicSession,
  topic: string,
  wanted: Record<string, string>,
): Promise<string[]> {
  const found = await view.topicSettings(topic);
  const values = new Map(found.map(({ name, value }) => [name, value]));
  const wrong = Object.keys(wanted).filter((name) => values.get(name) !== wanted[name]);
  if (wrong.length === 0) return [];
  const kept = found.filter(({ isOwn }) => isOwn).map(({ name, value }) => [name, value] as const);
  const settings = { ...Object.fromEntries(kept), ...wanted };
  await inTime(`settings of ${topic}`, () => session.replaceSettings(topic, settings));
  return wrong;
}
