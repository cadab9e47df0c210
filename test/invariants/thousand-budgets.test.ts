import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UsageEvent } from '#contracts';
import { connectPostgres, type Postgres } from '#postgres';
import { connectRedis } from '#redis';
import { eventually, type LoadedPlatform, startLoadedPlatform } from '#testing';
import { AlertInbox } from '../e2e/alert-inbox.js';
import { ApiClient } from '../e2e/api-client.js';
import { sourceFailpoints } from '../faults/source-failpoints.js';
import { type Counters, expectAlerts, watchedEvent } from './budget-oracle.js';
import { generateBudgets } from './generate-budgets.js';
import { compareAlerts, readRaisedAlerts, type WatchedBudget } from './raised-alerts.js';
import { readStoredCounters } from './stored-counters.js';

const BUDGETS = 1_000;
const EVENTS = 100_000;
const DAY_MS = 86_400_000;
const EVENTS_AGE_MS_MAX = 25 * DAY_MS;
const SETTLED_MS_MAX = 120_000;
const DIFFERENCES_SHOWN_MAX = 20;

type App = 'aggregator' | 'notifier';

let test: LoadedPlatform;
let client: ApiClient;
let inbox: AlertInbox;
let postgres: Postgres;
let events: UsageEvent[];
let budgets: (WatchedBudget & { counters: Counters })[];

beforeAll(async () => {
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'notifier', 'console'] as const;
  test = await startLoadedPlatform('thousand-budgets', { apps });
  client = ApiClient.of(test.platform);
  inbox = await AlertInbox.open(client);
  postgres = connectPostgres(test.platform.surroundings.engines.databaseUrl, 2);
  process.stderr.write(`platform ${new Date().toISOString()}\n`);
  const { body } = await client.get<{ data: { id: string }[] }>('/v1/keys');
  events = generateEvents();
  const watched = events.map((event) => watchedEvent(event, body.data[0]!.id));
  const generated = generateBudgets(test.random, watched, BUDGETS);
  budgets = [];
  process.stderr.write(`oracle ${new Date().toISOString()}\n`);
  for (const { budget, counters } of generated) {
    const answer = await client.ask<{ id: string }>('POST', '/v1/budgets', { body: budget });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    const { id } = answer.body;
    budgets.push({ id, budget, counters, alerts: expectAlerts(budget, counters) });
  }
});
afterAll(async () => {
  await postgres.destroy();
  await inbox.close();
  await test.end();
});

/** Each with a time of its own, so that what must come of it follows from what was sent alone. */
function generateEvents(): UsageEvent[] {
  const { load, random } = test;
  const nowMs = Date.now();
  return load.generate(EVENTS).map((event) => ({
    ...event,
    time: new Date(nowMs - random.between(1, EVENTS_AGE_MS_MAX)).toISOString(),
    ...(random.happens(0.3) ? { application: `app-${random.between(1, 5)}` } : {}),
  }));
}

async function deathOf(app: App): Promise<NodeJS.Signals | null> {
  const [exit] = await once(test.platform.process(app), 'exited');
  return (exit as { signal: NodeJS.Signals | null }).signal;
}

/** Starts the app anew so that it dies at the failpoint, as soon as the load brings it there. */
async function dieAt(app: App, failpoint: string): Promise<void> {
  await test.platform.stopProcess(app);
  const death = deathOf(app);
  const restarted = test.restart(app, { firstRun: { FAILPOINT: failpoint } });
  expect(await death).toBe('SIGKILL');
  await restarted;
}

async function loseRedis(): Promise<void> {
  const redis = connectRedis(test.platform.surroundings.engines.redisUrl);
  await new Promise((resolve) => redis.once('ready', resolve));
  await redis.flushall();
  redis.disconnect();
}

async function shareWithSecond(): Promise<void> {
  await test.platform.startApp('aggregator', { name: 'aggregator-2' });
}

const TROUBLES: [string, () => Promise<void>][] = [
  ...sourceFailpoints('aggregator', 'counting').map((name): [string, () => Promise<void>] => [
    name,
    () => dieAt('aggregator', name),
  ]),
  ...sourceFailpoints('notifier').map((name): [string, () => Promise<void>] => [
    name,
    () => dieAt('notifier', name),
  ]),
  ['FLUSHALL', loseRedis],
  ['a second aggregator', shareWithSecond],
];

async function settle(): Promise<string[]> {
  await test.load.progress.waitUntilStored(SETTLED_MS_MAX);
  let differences: string[] = [];
  await eventually(async () => {
    differences = compareAlerts(budgets, await readRaisedAlerts(postgres));
    return differences.length === 0 ? true : null;
  }, SETTLED_MS_MAX).catch(() => undefined);
  return differences.slice(0, DIFFERENCES_SHOWN_MAX);
}

describe('1,000 budgets and 100,000 events', () => {
  it('stand through deaths at every failpoint of counting, raising and delivering, a lost Redis and a rebalance', async () => {
    const troubles = test.random.shuffled(TROUBLES);
    const share = Math.ceil(EVENTS / troubles.length);
    for (const [n, [name, trouble]] of troubles.entries()) {
      process.stderr.write(`${new Date().toISOString()} ${name}\n`);
      const part = events.slice(n * share, (n + 1) * share);
      const manner = { batchMax: 1_000, copiesMax: 2, concurrency: 2 };
      await Promise.all([trouble(), test.load.sender.send(part, manner)]);
    }
    process.stderr.write(`sent ${new Date().toISOString()}\n`);
    expect(await settle()).toEqual([]);
  });
});
void readStoredCounters;
