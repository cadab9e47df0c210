import { randomUUID } from 'node:crypto';
import type { Topic } from '#contracts';
import { provisionTopics } from '#kafka/writes';
import { createLogger } from '#platform';
import { testEngines } from './test-engines.js';

/** A topic of a test's own on the shared brokers, which the app `test` may write and read. */
export async function makeTestTopic(name: string, partitions: number): Promise<Topic> {
  const topic = {
    name: `test.${name}.${randomUUID().slice(0, 8)}`,
    schema: 'test.v1',
    partitions,
    retentionMs: 86_400_000,
    messageBytesMax: 1024 * 1024,
    writers: ['test'],
    readers: ['test'],
  };
  const logger = createLogger('test', 'fatal');
  await provisionTopics({ brokers: testEngines().kafkaBrokers, logger, topics: [topic] });
  return topic;
}
