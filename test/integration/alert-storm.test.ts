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
/** Four slices; without turns it is all that is left of the storm. */
const RECORDED_BEFORE_MAX = 800;
/** As many as one fetch brings of one partition. */
const FETCHED_MAX = 2_000;

let harness: NotifierHarness;
let redis: Redis;
const receivers: WebhookReceiver[] = [];
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  harness = await NotifierHarness.open();
  redis = connectRedis(testEngines().redisUrl);
  await untilConnected(redis, 5_000);
});
afterAll(async () => {
  for (const close of closers) await close();
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

async function lastSequence(): Promise<bigint> {
  const { last } = await harness.postgres
    .selectFrom('alerts')
    .select(({ fn }) => fn.max('sequence').as('last'))
    .executeTakeFirstOrThrow();
  return last ?? 0n;
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
  const closed = new AbortController();
  const read = async () => {
    while (!closed.signal.aborted) {
      const batch = waiting.splice(0, FETCHED_MAX);
      if (batch.length > 0) await take(batch);
      else await wait(1);
    }
  };
  const reading = read();
  return {
    log: alertLog((alerts) => Promise.resolve(void waiting.push(...alerts))),
    close: async () => {
      closed.abort();
      await reading;
    },
  };
}

it('an alert beside a storm of another project is recorded behind a few slices of it, not behind all', async () => {
  const notifier = await harness.start({ attemptTimeoutMs: 5_000 });
  const [storming, quiet] = [await openProject(STORM_ENDPOINTS), await openProject(1)];
  const partition = openPartition((alerts) => notifier.accept(batchOf(alerts)));
  closers.push(() => redis.del(`{${storming.project}}:pending`), partition.close);
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
  const lastBefore = new Map<string, bigint>();
  for (let nth = 0; nth < QUIET_ALERTS; nth += 1) {
    lastBefore.set(`quiet ${nth}`, await lastSequence());
    raisedMs.set(`quiet ${nth}`, performance.now());
    await push(quiet.project, [`quiet ${nth}`]);
    void raising.drain(quiet.project);
    await wait(PACE_MS);
  }
  const stillPending = await redis.llen(`{${storming.project}}:pending`);
  await eventually(() => (quiet.receiver.received.length >= QUIET_ALERTS ? true : null), 60_000);
  const arrivals = quiet.receiver.received.map(({ body, atMs }) => {
    const { data, sequence } = JSON.parse(body) as {
      data: { customer: string };
      sequence: number;
    };
    const between = sequence - Number(lastBefore.get(data.customer)!) - 1;
    return { between, waitMs: atMs - raisedMs.get(data.customer)! };
  });
  const ascending = arrivals.map(({ waitMs }) => waitMs).toSorted((a, b) => a - b);
  const [p50, p99] = [0.5, 0.99].map((share) =>
    Math.round(ascending[Math.floor(ascending.length * share)]!),
  );
  process.stdout.write(
    `an alert beside a storm of ${STORM_ALERTS}: p50 ${p50} ms, p99 ${p99} ms\n`,
  );
  // Still in it: else there was no storm to wait for.
  expect(stillPending).toBeGreaterThan(0);
  expect(Math.max(...arrivals.map(({ between }) => between))).toBeLessThan(RECORDED_BEFORE_MAX);
});
