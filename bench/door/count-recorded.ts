import { randomUUID } from 'node:crypto';
import { type RecordedEnvelope, TOPICS } from '#contracts';
import { ClusterView, KafkaBatchServer, type RecordBatch } from '#kafka';
import { createLogger } from '#platform';
import { until } from '../measure.js';

const COUNT_MS_MAX = 120_000;

/** Counts the events that come into `usage.recorded` from now on, out of the envelopes themselves. */
export async function countRecorded(
  kafkaBrokers: string,
): Promise<{ settle: () => Promise<number> }> {
  const logger = createLogger('bench', 'silent');
  const brokers = [kafkaBrokers];
  const topic = TOPICS.usageRecorded;
  const view = new ClusterView({ app: 'bench', brokers, logger });
  const begins = await view.topicEnds(topic.name);
  const positions = new Map(begins.map(({ partition, high }) => [partition, high]));
  let events = 0;
  const reader = new KafkaBatchServer({
    app: 'pricing-worker',
    brokers,
    groupId: `bench-${randomUUID()}`,
    topics: [topic],
    logger,
    commit: 'by-handler',
    startAt: ({ partition }) => Promise.resolve(positions.get(partition) ?? null),
  });
  const read = (batch: RecordBatch): Promise<void> => {
    for (const { value, offset } of batch.records) {
      const { batches } = JSON.parse(value.toString()) as RecordedEnvelope;
      for (const { events: recorded } of batches) events += recorded.length;
      positions.set(batch.partition, String(BigInt(offset) + 1n));
      batch.resolve(offset);
    }
    return Promise.resolve();
  };
  const hasAll = async () => {
    const ends = await view.topicEnds(topic.name);
    return ends.every(({ partition, high }) => positions.get(partition) === high);
  };
  /** Reads to the end and closes. Reading waits until then: it would take the CPU that is being measured. */
  const settle = async (): Promise<number> => {
    reader.addHandler(topic.name, read, true);
    reader.listen((error) => {
      if (error) throw error;
    });
    await until(hasAll, COUNT_MS_MAX);
    await reader.close();
    await view.close();
    return events;
  };
  return { settle };
}
