import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import { KafkaBatchServer, type RecordBatch, type SendOutcome } from '#kafka';
import { EnvelopeProducer } from '#kafka/writes';
import { createLogger } from '#platform';
import { startTestPlatform, type TestPlatform } from '#testing';

const ACK_TIMEOUT_MS = 1_500;
const BOUND_MS = 2_000;
const RECOVERY_MS = 15_000;
const topic = TOPICS.usageRecorded;
const logger = createLogger('test', 'fatal');

/** The offsets at which each text stands in its partition of the log. */
const log = new Map<string, Set<string>>();
const acknowledged: string[] = [];
const refused: string[] = [];
let sent = 0;
let test: TestPlatform;
let producer: EnvelopeProducer;
let reader: KafkaBatchServer;

beforeAll(async () => {
  test = await startTestPlatform('broker-killed', { apps: [] });
  const brokers = test.platform.surroundings.engines.kafkaBrokers.split(',');
  producer = new EnvelopeProducer({
    app: 'ingest-api',
    brokers,
    ackTimeoutMs: ACK_TIMEOUT_MS,
    logger,
  });
  producer.start();
  reader = new KafkaBatchServer({
    app: 'pricing-worker',
    brokers,
    groupId: 'reads-what-was-recorded',
    topics: [topic],
    logger,
    commit: 'after-handler',
  });
  const read = (batch: RecordBatch) => {
    for (const { value, offset } of batch.records) {
      const text = value.toString();
      log.set(text, (log.get(text) ?? new Set()).add(offset));
    }
    return Promise.resolve();
  };
  reader.addHandler(topic.name, read, true);
  reader.listen((error) => {
    if (error) throw error;
  });
  await sendUntil('acknowledged', RECOVERY_MS);
});

afterAll(async () => {
  await reader.close();
  await producer.close();
  await test.end();
});

/** One record to each partition; the answer must come within the bound whatever the broker does. */
async function send(): Promise<SendOutcome> {
  const texts = Array.from({ length: topic.partitions }, (_, partition) => `${sent}/${partition}`);
  sent += 1;
  const startedAt = performance.now();
  const outcome = await producer.send({
    topic,
    records: texts.map((text, partition) => ({
      partition,
      value: Buffer.from(text),
      headers: { schema: topic.schema },
    })),
  });
  expect(performance.now() - startedAt).toBeLessThan(BOUND_MS);
  if (outcome.state === 'acknowledged') acknowledged.push(...texts);
  if (outcome.state === 'refused') refused.push(...texts);
  return outcome;
}

async function sendUntil(state: SendOutcome['state'], withinMs: number): Promise<void> {
  const startedAt = performance.now();
  while ((await send()).state !== state) {
    expect(performance.now() - startedAt).toBeLessThan(withinMs);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function sendTimes(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) expect((await send()).state).toBe('acknowledged');
}

async function everythingAcknowledgedIsRead(): Promise<void> {
  while (acknowledged.some((text) => !log.has(text))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('while the broker is gone', () => {
  it.each([1, 2])(
    'killed (%i): every send is answered in time, and soon acknowledged again',
    async () => {
      await sendTimes(50);
      test.platform.kill('kafka');
      await sendUntil('unknown', RECOVERY_MS);
      await sendUntil('acknowledged', RECOVERY_MS);
      await sendTimes(50);
      await everythingAcknowledgedIsRead();
    },
  );

  it('paused: every send is answered in time, and acknowledged again when it goes on', async () => {
    await sendTimes(10);
    test.platform.kill('kafka', 'SIGSTOP');
    await sendUntil('unknown', BOUND_MS);
    await sendUntil('refused', 2 * RECOVERY_MS);
    test.platform.kill('kafka', 'SIGCONT');
    await sendUntil('acknowledged', RECOVERY_MS);
    await sendTimes(10);
    await everythingAcknowledgedIsRead();
  });

  it('nothing acknowledged was lost or written twice, and nothing refused was written', () => {
    const times = (text: string) => log.get(text)?.size ?? 0;
    expect(acknowledged.filter((text) => times(text) !== 1)).toEqual([]);
    expect(refused.filter((text) => times(text) !== 0)).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(220 * topic.partitions);
    expect(refused.length).toBeGreaterThan(0);
    expect(reader.unreadyReason()).toBeNull();
  });
});
