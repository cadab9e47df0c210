import { TOPICS } from '#contracts';
import { ClusterView } from '#kafka';
import { createLogger } from '#platform';
import { readRecorded } from '#testing';

/** Counts the events that come into `usage.recorded` from now on, out of the envelopes themselves. */
export async function countRecorded(
  kafkaBrokers: string,
): Promise<{ settle: () => Promise<number> }> {
  const logger = createLogger('bench', 'silent');
  const view = new ClusterView({ app: 'bench', brokers: kafkaBrokers.split(','), logger });
  const begins = await view.topicEnds(TOPICS.usageRecorded.name);
  await view.close();
  const from = new Map(begins.map(({ partition, high }) => [partition, high]));
  /** Reads to the end. Reading waits until then: it would take the CPU that is being measured. */
  const settle = async (): Promise<number> => {
    let events = 0;
    await readRecorded(kafkaBrokers, from, ({ batches }) => {
      for (const batch of batches) events += batch.events.length;
    });
    return events;
  };
  return { settle };
}
