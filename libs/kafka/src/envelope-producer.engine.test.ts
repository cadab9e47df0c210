import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Topic } from '#contracts';
import { createLogger } from '#platform';
import { eventually, makeTestTopic, testEngines } from '#testing';
import { KafkaBatchServer } from './batch-server.js';
import { EnvelopeProducer } from './envelope-producer.js';
import type { RecordBatch } from './record-batch.js';

const logger = createLogger('test', 'fatal');
const brokers = testEngines().kafkaBrokers;

let topic: Topic;
let producer: EnvelopeProducer;
/** What stands in the log, by partition, in its order. */
const log: string[][] = [[], [], []];
let reader: KafkaBatchServer;

beforeAll(async () => {
  topic = await makeTestTopic('producer', 3);
  producer = new EnvelopeProducer({ app: 'test', brokers, ackTimeoutMs: 5_000, logger });
  producer.start();
  const groupId = `${topic.name}-reader`;
  reader = new KafkaBatchServer({
    app: 'test',
    brokers,
    groupId,
    topics: [topic],
    logger,
    commit: 'after-handler',
  });
  const read = ({ partition, records }: RecordBatch) => {
    log[partition]?.push(...records.map(({ value }) => value.toString()));
    return Promise.resolve();
  };
  reader.addHandler(topic.name, read, true);
  reader.listen((error) => {
    if (error) throw error;
  });
});

afterAll(async () => {
  await reader.close();
  await producer.close();
});

function record(partition: number, text: string) {
  return { partition, value: Buffer.from(text), headers: { schema: 'test.v1' } };
}

async function logHolds(count: number): Promise<void> {
  await eventually(() => (log.flat().length >= count ? true : null));
}

describe('the envelope producer', () => {
  it('says where each partition of a send begins', async () => {
    const first = await producer.send({
      topic,
      records: [record(0, 'a'), record(2, 'b'), record(0, 'c')],
    });
    expect(first).toEqual({
      state: 'acknowledged',
      offsets: [
        { partition: 0, baseOffset: '0' },
        { partition: 2, baseOffset: '0' },
      ],
    });
    const second = await producer.send({ topic, records: [record(0, 'd')] });
    expect(second).toEqual({
      state: 'acknowledged',
      offsets: [{ partition: 0, baseOffset: '2' }],
    });
    await logHolds(4);
    expect(log).toEqual([['a', 'c', 'd'], [], ['b']]);
  });

  it('writes sends that are made at once each exactly once, in the order of the calls', async () => {
    const texts = Array.from({ length: 500 }, (_, n) => `at-once-${n}`);
    const outcomes = await Promise.all(
      texts.map((text) => producer.send({ topic, records: [record(1, text)] })),
    );
    expect(outcomes).toEqual(
      texts.map((_, n) => ({
        state: 'acknowledged',
        offsets: [{ partition: 1, baseOffset: String(n) }],
      })),
    );
    await logHolds(504);
    expect(log[1]).toEqual(texts);
  });

  it('compresses what is large, and its reader does not notice', async () => {
    const text = JSON.stringify(Array.from({ length: 2_000 }, (_, id) => ({ id })));
    const outcome = await producer.send({ topic, records: [record(2, text)] });
    expect(outcome.state).toBe('acknowledged');
    await logHolds(505);
    expect(log[2]?.at(-1)).toBe(text);
  });

  it('refuses, by name, what can never be written', async () => {
    const stranger = new EnvelopeProducer({ app: 'console', brokers, ackTimeoutMs: 500, logger });
    await expect(stranger.send({ topic, records: [record(0, 'x')] })).resolves.toEqual({
      state: 'refused',
      reason: `console is not declared as a writer of ${topic.name}`,
    });
    await expect(producer.send({ topic, records: [record(3, 'x')] })).resolves.toEqual({
      state: 'refused',
      reason: `${topic.name} has no partition 3`,
    });
    const large = await producer.send({ topic, records: [record(0, 'x'.repeat(1024 * 1024))] });
    expect(large.state).toBe('refused');
  });

  it('answers within its bound when nobody listens, and at once when that is known', async () => {
    const nobody = ['127.0.0.1:1'];
    const ackTimeoutMs = 1_500;
    const lonely = new EnvelopeProducer({ app: 'test', brokers: nobody, ackTimeoutMs, logger });
    lonely.start();
    const first = await lonely.send({ topic, records: [record(0, 'x')] });
    expect(first.state).toBe('refused');
    // Whoever waited for the bound again would come behind this timer.
    const boundPassed = new Promise((resolve) => setTimeout(resolve, ackTimeoutMs / 2, 'late'));
    const second = lonely.send({ topic, records: [record(0, 'x')] });
    expect(await Promise.race([second, boundPassed])).toMatchObject({ state: 'refused' });
    expect(lonely.unreadyReason()).not.toBeNull();
    await lonely.close();
  });
});
