import { randomUUID } from 'node:crypto';
import { DEFAULT_SOURCE, type RecordedEnvelope, TOPICS } from '#contracts';
import { ClusterView, KafkaBatchServer, type RecordBatch } from '#kafka';
import { createLogger } from '#platform';
import { eventually } from '../eventually.js';
import { identityKey } from './sent-usage.js';

const READ_MS_MAX = 120_000;

/** Where partitions of `usage.recorded` are read from; those that are not named, from their beginning. */
export type Positions = ReadonlyMap<number, string>;

/** Gives every envelope of `usage.recorded` from there to its present end, and closes. */
export async function readRecorded(
  kafkaBrokers: string,
  from: Positions,
  take: (envelope: RecordedEnvelope) => void,
): Promise<void> {
  const logger = createLogger('test', 'silent');
  const brokers = kafkaBrokers.split(',');
  const topic = TOPICS.usageRecorded;
  const view = new ClusterView({ app: 'test', brokers, logger });
  const ends = await view.topicEnds(topic.name);
  const positions = new Map(ends.map(({ partition, low }) => [partition, low]));
  for (const [partition, position] of from) positions.set(partition, position);
  const reader = new KafkaBatchServer({
    app: 'pricing-worker',
    brokers,
    groupId: `test-${randomUUID()}`,
    topics: [topic],
    logger,
    commit: 'by-handler',
    startAt: ({ partition }) => Promise.resolve(positions.get(partition) ?? null),
  });
  const read = ({ partition, records, resolve }: RecordBatch): Promise<void> => {
    for (const { value, offset } of records) {
      take(JSON.parse(value.toString()) as RecordedEnvelope);
      positions.set(partition, String(BigInt(offset) + 1n));
      resolve(offset);
    }
    return Promise.resolve();
  };
  reader.addHandler(topic.name, read, true);
  reader.listen((error) => {
    if (error) throw error;
  });
  const hasAll = () =>
    ends.every(({ partition, high }) => BigInt(positions.get(partition)!) >= BigInt(high));
  try {
    await eventually(() => hasAll() || null, READ_MS_MAX);
  } finally {
    await reader.close();
    await view.close();
  }
}

/** How often each identity of a project stands in the log, whatever became of it. */
export async function countRecorded(
  kafkaBrokers: string,
  project: string,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  await readRecorded(kafkaBrokers, new Map(), ({ batches }) => {
    for (const batch of batches) {
      if (batch.project !== project) continue;
      for (const { source, id } of batch.events) {
        const key = identityKey(source ?? DEFAULT_SOURCE, id);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  });
  return counts;
}
