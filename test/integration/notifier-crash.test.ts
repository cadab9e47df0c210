import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AlertRaised, ALERT_RAISED_SCHEMA, TOPICS } from '#contracts';
import { EnvelopeProducer, provisionTopics } from '#kafka/writes';
import { createLogger } from '#platform';
import { eventually, TEST_SEALING_KEYS, testEngines } from '#testing';
import { batchOf, NotifierHarness } from './notifier-harness.js';
import { WebhookReceiver } from './webhook-receiver.js';

const MAIN = fileURLToPath(new URL('../../apps/notifier/src/main.js', import.meta.url));
const FAILPOINTS = [
  'notifier.after_consume',
  'notifier.after_record',
  'notifier.before_attempt',
  'notifier.after_attempt',
];

/** A database of its own with one alert for one endpoint. */
interface Owed {
  harness: NotifierHarness;
  endpoint: string;
  alert: AlertRaised;
}

/** By the failpoint that is tried on it. All stand in the log before the first notifier starts. */
const owed = new Map<string, Owed>();
let harness: NotifierHarness;
let receiver: WebhookReceiver;
let producer: EnvelopeProducer;

beforeAll(async () => {
  const logger = createLogger('test', 'fatal');
  const brokers = testEngines().kafkaBrokers;
  await provisionTopics({ brokers, logger, topics: [TOPICS.alertsRaised] });
  producer = new EnvelopeProducer({ app: 'aggregator', brokers, ackTimeoutMs: 10_000, logger });
  producer.start();
  harness = await NotifierHarness.open();
  receiver = await WebhookReceiver.open();
  for (const failpoint of FAILPOINTS) owed.set(failpoint, await owe(await NotifierHarness.open()));
});
afterAll(async () => {
  for (const { harness: own } of owed.values()) await own.close();
  await producer.close();
  await receiver.close();
  await harness.close();
});

async function owe(own: NotifierHarness): Promise<Owed> {
  const project = await own.newProject();
  const { id: endpoint } = await own.newEndpoint(project, receiver.url());
  const alert = own.alert(project);
  await produce(alert);
  return { harness: own, endpoint, alert };
}

/** The notifier as a process of its own. */
function startNotifier(databaseUrl: string, groupId: string, failpoint = '') {
  const child = spawn(process.execPath, [MAIN], {
    stdio: 'ignore',
    env: {
      KAFKA_BROKERS: testEngines().kafkaBrokers.join(','),
      KAFKA_GROUP_ID: groupId,
      DATABASE_URL: databaseUrl,
      SEALING_KEYS: TEST_SEALING_KEYS.join(','),
      WEBHOOK_ALLOW_PRIVATE: 'true',
      ATTEMPT_TIMEOUT_MS: '2000',
      FAILPOINT: failpoint,
    },
  });
  return { child, ended: once(child, 'exit') as Promise<[number | null, string | null]> };
}

async function produce(alert: AlertRaised): Promise<void> {
  const headers = { schema: ALERT_RAISED_SCHEMA };
  const record = { partition: 0, value: Buffer.from(JSON.stringify(alert)), headers };
  const sent = await producer.send({ topic: TOPICS.alertsRaised, records: [record] });
  expect(sent.state).toBe('acknowledged');
}

const idsReceived = (id: string) =>
  receiver.received.filter(({ headers }) => headers['webhook-id'] === id).length;

describe('a notifier that is killed', () => {
  // At once: each of them waits until the brokers believe that it is dead.
  it.concurrent.each(FAILPOINTS)(
    'at %s delivers at least once after its restart, with one id',
    async (failpoint) => {
      const { harness: own, endpoint, alert } = owed.get(failpoint)!;
      const groupId = `test-notifier-${randomUUID()}`;
      const first = startNotifier(own.databaseUrl, groupId, failpoint);
      expect((await first.ended)[1]).toBe('SIGKILL');
      const before = idsReceived(alert.id);
      expect(before).toBe(failpoint === 'notifier.after_attempt' ? 1 : 0);
      const second = startNotifier(own.databaseUrl, groupId);
      await eventually(() => (idsReceived(alert.id) > before ? true : null), 60_000);
      const journey = await own.journey(endpoint, ({ state }) => state === 'delivered');
      expect(journey).toMatchObject({ alert: alert.id, attempts: [{ attempt: 1, status: 204 }] });
      expect(await own.journeys(endpoint)).toHaveLength(1);
      second.child.kill('SIGTERM');
      await second.ended;
    },
  );
});

describe('two notifiers', () => {
  it('never make the same attempt at the same time', async () => {
    const project = await harness.newProject();
    const endpoint = await harness.newEndpoint(project, receiver.url());
    const both = [
      await harness.start({ attemptTimeoutMs: 5_000 }),
      await harness.start({ attemptTimeoutMs: 5_000 }),
    ];
    const alerts = Array.from({ length: 200 }, () => harness.alert(project));
    await Promise.all(both.map((notifier) => notifier.accept(batchOf(alerts))));
    await eventually(async () => {
      const journeys = await harness.journeys(endpoint.id);
      const done = journeys.filter(({ state }) => state === 'delivered');
      return done.length === alerts.length ? done : null;
    });
    const counts = alerts.map(({ id }) => idsReceived(id));
    expect(counts).toEqual(alerts.map(() => 1));
  });
});
