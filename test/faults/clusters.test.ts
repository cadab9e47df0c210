import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byTestLength, readMetric } from '#testing';
import { WatchedPlatform } from '../invariants/watched-platform.js';

const NODES = 3;
const {
  budgets: BUDGETS,
  events: EVENTS,
  kills: KILLS,
} = byTestLength({
  short: { budgets: 60, events: 6_000, kills: 4 },
  long: { budgets: 1_000, events: 100_000, kills: 20 },
});
const APPS = ['ingest-api', 'pricing-worker', 'aggregator', 'notifier', 'console'] as const;
const BROKERS = ['kafka', 'kafka-2', 'kafka-3'];
const SERVERS = ['redis', 'redis-2', 'redis-3'];

let watched: WatchedPlatform;

beforeAll(async () => {
  const wish = { budgets: BUDGETS, events: EVENTS, sparks: KILLS, nodes: NODES };
  watched = await WatchedPlatform.start('clusters', wish);
  const { platform, envOf } = watched.test;
  for (const app of APPS) await platform.startApp(app, { name: `${app}-2`, env: envOf(app) });
  watched.test.load.sender.spreadOver(
    ['ingest-api', 'ingest-api-2'].map((door) => platform.url(door)),
  );
});
afterAll(() => watched.end());

/** Kills a broker and a Redis node, the next ones each time, while usage comes in at both doors. */
async function killNodes(kill: number): Promise<void> {
  const { platform } = watched.test;
  const nodes = [BROKERS[kill % NODES]!, SERVERS[kill % NODES]!];
  for (const node of nodes) platform.kill(node);
  await watched.spark(kill);
  await Promise.all(nodes.map((node) => platform.waitUntilReady(node, 60_000)));
}

describe('two of every app on three brokers and three Redis servers', () => {
  it('go on when a broker and a Redis server are killed under load: no 202 is lost, nothing counts twice', async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      await Promise.all([killNodes(kill), watched.send(kill, KILLS)]);
    }
    const { platform, load } = watched.test;
    const starts = [...BROKERS, ...SERVERS].map((node) => platform.process(node).starts);
    expect(Math.min(...starts)).toBeGreaterThan(1);
    expect(await load.differencesFromLog()).toEqual([]);
  });

  it('raise each alert once, and tell the endpoint of it under one id', async () => {
    expect(await watched.alertDifferences()).toEqual([]);
    expect(await watched.counterDifferences()).toEqual([]);
    const { ids, alerts, expected } = await watched.receivedAlerts();
    expect([ids, alerts]).toEqual([expected, expected]);
  });

  it('share the work: both aggregators and both pricing workers have done some', async () => {
    for (const [app, metric] of [
      ['aggregator', 'aggregator_stored_plans_total'],
      ['pricing-worker', 'pricing_records_total'],
    ] as const) {
      for (const name of [app, `${app}-2`]) {
        const done = await readMetric(watched.test.platform.metricsUrl(name), metric);
        expect({ name, hasDone: done > 0 }).toEqual({ name, hasDone: true });
      }
    }
  });
});
