import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import { createLogger } from '#platform';
import { makeTestTopic, testEngines } from '#testing';
import { assertWiring } from './assert-wiring.js';
import { kafkaWrites } from './client/writes.js';
import { ClusterView } from './cluster-view.js';
import { provisionTopics } from './provision-topics.js';

const logger = createLogger('test', 'fatal');
const brokers = testEngines().kafkaBrokers;

async function settingsOf(name: string): Promise<Record<string, string>> {
  const view = new ClusterView({ app: 'test', brokers, logger });
  try {
    const settings = await view.topicSettings(name);
    return Object.fromEntries(settings.map((setting) => [setting.name, setting.value]));
  } finally {
    await view.close();
  }
}

describe('provisioning topics', () => {
  it('creates a topic as the table has it, and corrects one setting without losing another', async () => {
    const topic = await makeTestTopic('provision', 5);
    expect(await settingsOf(topic.name)).toMatchObject({
      'retention.ms': '86400000',
      'retention.bytes': '-1',
      'message.timestamp.type': 'LogAppendTime',
      'max.message.bytes': '1048576',
      'cleanup.policy': 'delete',
      'min.insync.replicas': '1',
    });
    const session = kafkaWrites.openTopics({ app: 'test', brokers, logger, timeoutMs: 5_000 });
    await session.connect();
    await session.replaceSettings(topic.name, {
      'segment.bytes': '2097152',
      'retention.ms': '5000',
    });
    session.discard('the setting is made');
    await provisionTopics({ brokers, logger, topics: [topic] });
    expect(await settingsOf(topic.name)).toMatchObject({
      'segment.bytes': '2097152',
      'retention.ms': '86400000',
      'message.timestamp.type': 'LogAppendTime',
    });
  });

  it('refuses a topic with another partition count, by name, and leaves it alone', async () => {
    const topic = await makeTestTopic('count', 2);
    const wider = { ...topic, partitions: 4 };
    await expect(provisionTopics({ brokers, logger, topics: [wider] })).rejects.toThrow(
      `${topic.name} has 2 partitions, must have 4`,
    );
    await expect(assertWiring({ app: 'test', brokers, logger, topics: [wider] })).rejects.toThrow(
      `wrong wiring of test: ${topic.name} has 2 partitions, must have 4`,
    );
    await assertWiring({ app: 'test', brokers, logger, topics: [topic] });
  });

  it('refuses an app that the table of topics does not know', async () => {
    await expect(
      assertWiring({ app: 'nobody', brokers, logger, topics: Object.values(TOPICS) }),
    ).rejects.toThrow('it neither reads nor writes any topic');
  });

  it('tells the ends of a topic and the id of the cluster', async () => {
    const topic = await makeTestTopic('ends', 2);
    const view = new ClusterView({ app: 'test', brokers, logger });
    expect(await view.topicEnds(topic.name)).toEqual([
      { partition: 0, low: '0', high: '0' },
      { partition: 1, low: '0', high: '0' },
    ]);
    expect(await view.clusterId()).toMatch(/^[\w-]{22}$/);
    expect(await view.unreadyReason()).toBeNull();
    await view.close();
  });
});
