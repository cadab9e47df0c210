import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { AlertRaised } from '#contracts';
import { Clock } from '#platform';
import { isAlertRecorded } from '#postgres';
import { SetAsideAlertWrites } from '#postgres/writes';
import { connectRedis, PendingAlerts, type Redis, untilConnected } from '#redis';
import { PendingAlertWrites } from '#redis/writes';
import { byTestLength, eventually, testEngines } from '#testing';
import { AlertRaising } from '../../apps/aggregator/src/alerting/alert-raising.js';
import { AlertsSink } from '../../apps/aggregator/src/alerting/alerts.sink.js';
import { IntakePace } from '../../apps/aggregator/src/alerting/intake-pace.js';
import { pendingEntry } from '../simulation/pending-entry.js';
import { alertLog } from './alert-log.js';
import { logger, metrics } from './counting-process.js';
import { batchOf, NotifierHarness } from './notifier-harness.js';
import { WebhookReceiver } from './webhook-receiver.js';

const STORM_ALERTS = byTestLength({ short: 4_000, long: 40_000 });
const STORM_ENDPOINTS = 10;
const QUIET_ALERTS = byTestLength({ short: 40, long: 200 });
const PACE_MS = 50;
/** Of an alert of the quiet project, from its raising to its webhook. */
const WAIT_MS_MAX = 1_000;
/** As many as one fetch brings of one partition. */
const FETCHED_MAX = 2_000;

let harness: NotifierHarness;
let redis: Redis;
const receivers: WebhookReceiver[] = [];

beforeAll(async () => {
  harness = await NotifierHarness.open();
  redis = connectRedis(testEngines().redisUrl);
  await untilConnected(redis, 5_000);
});
afterAll(async () => {
  await harness.close();
  redis.disconnect();
  for (const receiver of receivers) await receiver.close();
});

/** A project with its endpoints, which answer at once. */
async function openProject(endpoints: number) {
  const project = await harness.newProject();
  const receiver = await WebhookReceiver.open();
  receivers.push(receiver);
  for (let nth = 0; nth < endpoints; nth += 1) await harness.newEndpoint(project, receiver.url());
  return { project, receiver };
}

/** As a count leaves it. */
const crossing = (project: string, customer: string) =>
  pendingEntry({
    kind: 'crossed',
    threshold: '100%',
    key: JSON.stringify({ customer }),
    amount: 7n,
    eventTime: '2026-11-14T09:00:00.000Z',
    at: new Date().toISOString(),
    watch: JSON.stringify({
      kind: 'budget',
      project,
      watch: `bud_${project}`,
      name: 'n',
      on: 'cost',
      scope_customer: null,
      limit: '1',
      arming: 3,
      window_start: null,
      window_end: null,
    }),
  });

/** The partition of the topic in which both projects lie, read by the notifier as it is filled. */
function openPartition(take: (alerts: AlertRaised[]) => Promise<void>) {
  const waiting: AlertRaised[] = [];
  let open = true;
  const read = async () => {
    while (open) {
      const batch = waiting.splice(0, FETCHED_MAX);
      if (batch.length > 0) await take(batch);
      else await wait(1);
    }
  };
  const reading = read();
  return {
    log: alertLog((alerts) => Promise.resolve(void waiting.push(...alerts))),
    close: async () => {
      open = false;
      await reading;
    },
  };
}

it(`a storm of a project keeps no alert of another from its webhook for ${WAIT_MS_MAX} ms`, async () => {
  const notifier = await harness.start({ attemptTimeoutMs: 5_000 });
  const [storming, quiet] = [await openProject(STORM_ENDPOINTS), await openProject(1)];
  const partition = openPartition((alerts) => notifier.accept(batchOf(alerts)));
  const sink = new AlertsSink(
    {
      log: partition.log,
      pending: new PendingAlertWrites(redis),
      setAside: new SetAsideAlertWrites(harness.postgres),
    },
    metrics,
    logger,
  );
  const recorded = { has: (id: string) => isAlertRecorded(harness.postgres, id) };
  const pace = new IntakePace({ recorded }, new Clock());
  const raising = new AlertRaising({ pending: new PendingAlerts(redis) }, sink, pace, logger);
  const push = (project: string, customers: string[]) =>
    redis.rpush(`{${project}}:pending`, ...customers.map((one) => crossing(project, one)));

  await push(
    storming.project,
    Array.from({ length: STORM_ALERTS }, (_, nth) => `storm ${nth}`),
  );
  await raising.drain(storming.project);
  const raisedMs = new Map<string, number>();
  for (let nth = 0; nth < QUIET_ALERTS; nth += 1) {
    raisedMs.set(`quiet ${nth}`, performance.now());
    await push(quiet.project, [`quiet ${nth}`]);
    void raising.drain(quiet.project);
    await wait(PACE_MS);
  }
  const stillPending = await redis.llen(`{${storming.project}}:pending`);
  await eventually(() => (quiet.receiver.received.length >= QUIET_ALERTS ? true : null), 60_000);
  const waits = quiet.receiver.received.map(({ body, atMs }) => {
    const { data } = JSON.parse(body) as { data: { customer: string } };
    return atMs - raisedMs.get(data.customer)!;
  });
  const ascending = waits.toSorted((a, b) => a - b);
  const [p50, p99] = [0.5, 0.99].map((share) =>
    Math.round(ascending[Math.floor(ascending.length * share)]!),
  );
  process.stdout.write(
    `an alert beside a storm of ${STORM_ALERTS}: p50 ${p50} ms, p99 ${p99} ms\n`,
  );
  // Still in it: else there was no storm to wait for.
  expect(stillPending).toBeGreaterThan(0);
  expect(p99).toBeLessThan(WAIT_MS_MAX);
  await redis.del(`{${storming.project}}:pending`);
  await partition.close();
});
