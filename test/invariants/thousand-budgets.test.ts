import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byTestLength } from '#testing';
import { sourceFailpoints } from '../faults/source-failpoints.js';
import { WatchedPlatform } from './watched-platform.js';

const { budgets: BUDGETS, events: EVENTS } = byTestLength({
  short: { budgets: 300, events: 20_000 },
  long: { budgets: 1_000, events: 100_000 },
});

type Trouble = [name: string, trouble: (spark: () => Promise<void>) => Promise<void>];

/** An app, and the failpoint that ends it. */
type Death = [app: 'aggregator' | 'notifier', failpoint: string];

/** Starts the apps anew so that each dies at its failpoint: on its way, or when the spark brings an alert there. */
async function dieAt(deaths: readonly Death[], spark: () => Promise<void>): Promise<void> {
  const { platform } = watched.test;
  await Promise.all(deaths.map(([app]) => platform.stopProcess(app)));
  const dying = deaths.map(([app, failpoint]) => ({
    death: once(platform.process(app), 'exited'),
    restarted: watched.test.restart(app, { firstRun: { FAILPOINT: failpoint } }),
  }));
  await Promise.all(dying.map(({ death, restarted }) => Promise.race([death, restarted])));
  await spark();
  for (const { death, restarted } of dying) {
    expect(await death).toEqual([{ code: null, signal: 'SIGKILL' }, expect.any(Number)]);
    await restarted;
  }
}

const deathsOf = (app: Death[0], ...parts: string[]): Death[] =>
  parts.flatMap((part) => sourceFailpoints(app, part)).map((name) => [app, name]);

/** A death of each app at a time, since either waits as long for its group to go on: every failpoint once. */
function pairedDeaths(): Trouble[] {
  const aggregator = deathsOf('aggregator', 'counting', 'alerting');
  const notifier = deathsOf('notifier', '');
  return Array.from({ length: Math.max(aggregator.length, notifier.length) }, (_, n) => {
    const pair = [aggregator[n], notifier[n]].filter((death) => death !== undefined);
    return [pair.map(([, name]) => name).join(' and '), (spark) => dieAt(pair, spark)];
  });
}

async function loseRedis(spark: () => Promise<void>): Promise<void> {
  await watched.redis.flushall();
  await spark();
}

async function comeAndGo(spark: () => Promise<void>): Promise<void> {
  await watched.test.platform.startApp('aggregator', { name: 'aggregator-2' });
  await spark();
  await watched.test.platform.stopProcess('aggregator-2');
}

const TROUBLES: readonly Trouble[] = [
  ...pairedDeaths(),
  ['Redis loses everything', loseRedis],
  ['a second aggregator joins and leaves', comeAndGo],
];

let watched: WatchedPlatform;

beforeAll(async () => {
  const wish = { budgets: BUDGETS, events: EVENTS, sparks: TROUBLES.length };
  watched = await WatchedPlatform.start('thousand-budgets', wish);
});
afterAll(() => watched.end());

describe(`${BUDGETS} budgets and ${EVENTS} events`, () => {
  it('alert each threshold once, through deaths at every failpoint, a loss of Redis and a rebalance', async () => {
    const troubles = watched.test.random.shuffled(TROUBLES);
    for (const [part, [name, trouble]] of troubles.entries()) {
      process.stderr.write(`thousand-budgets: ${name}\n`);
      await Promise.all([trouble(() => watched.spark(part)), watched.send(part, troubles.length)]);
    }
    expect(await watched.alertDifferences()).toEqual([]);
  });

  it('come to the sums of an account that shares nothing with the platform', async () => {
    expect(await watched.counterDifferences()).toEqual([]);
  });

  it('are told to the endpoint at least once each, always under one id', async () => {
    const { ids, alerts, expected } = await watched.receivedAlerts();
    expect([ids, alerts]).toEqual([expected, expected]);
  });

  it('stay as they are when everything is sent once more', async () => {
    await watched.send(0, 1);
    expect(await watched.alertDifferences()).toEqual([]);
    expect(await watched.counterDifferences()).toEqual([]);
  });
});
