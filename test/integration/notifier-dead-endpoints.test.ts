import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { byTestLength, eventually } from '#testing';
import type { NotifierConfig } from '../../apps/notifier/src/notifier.config.js';
import type { NotifierPipeline } from '../../apps/notifier/src/notifier.pipeline.js';
import { batchOf, NotifierHarness } from './notifier-harness.js';
import { WebhookReceiver } from './webhook-receiver.js';

const DEAD_ENDPOINTS = 50;
const ALERTS_TO_THE_DEAD = 2;
/** Longer than the test: a place that a dead endpoint takes from a live one is never given back. */
const ATTEMPT_MS = 60_000;
const LIVE_ALERTS = 100;
const PACE_MS = 20;
const WAIT_MS_MAX = 50_000;

/** A notifier with a live endpoint. Two of them share this process and this machine, so that its load is the same for both. */
interface Side {
  harness: NotifierHarness;
  notifier: NotifierPipeline;
  project: string;
  live: WebhookReceiver;
  raisedMs: Map<string, number>;
}

let sides: Side[];
let dead: WebhookReceiver;

beforeEach(async () => {
  sides = [];
  dead = await WebhookReceiver.open(() => undefined);
});
afterEach(async () => {
  await dead.close();
  for (const { harness, live } of sides) {
    await live.close();
    await harness.close();
  }
});

async function open(change: Partial<NotifierConfig> = {}): Promise<Side> {
  const harness = await NotifierHarness.open();
  const notifier = await harness.start({ attemptTimeoutMs: ATTEMPT_MS, ...change });
  const live = await WebhookReceiver.open();
  const project = await harness.newProject();
  await harness.newEndpoint(project, live.url());
  const side = { harness, notifier, project, live, raisedMs: new Map<string, number>() };
  sides.push(side);
  return side;
}

async function raise({ harness, notifier, project, raisedMs }: Side): Promise<void> {
  const alert = harness.alert(project);
  raisedMs.set(alert.id, performance.now());
  await notifier.accept(batchOf([alert]));
}

/** Alerts at an even pace for each side's live endpoint, until the last has arrived. */
async function press(): Promise<void> {
  const beganMs = performance.now();
  for (let nth = 0; nth < LIVE_ALERTS; nth += 1) {
    await wait(Math.max(0, beganMs + nth * PACE_MS - performance.now()));
    await Promise.all(sides.map(raise));
  }
  const arrived = ({ live }: Side) => live.received.length >= LIVE_ALERTS;
  await eventually(() => (sides.every(arrived) ? true : null), WAIT_MS_MAX);
}

/** None that a dead endpoint was tried with has ended: no live one has been given a place that was theirs. */
async function noneOfTheDeadEnded({ harness }: Side): Promise<boolean> {
  const ended = await harness.postgres
    .selectFrom('delivery_attempts')
    .innerJoin('webhook_endpoints', 'webhook_endpoints.id', 'delivery_attempts.endpoint')
    .select('attempt')
    .where('url', '=', dead.url())
    .execute();
  return ended.length === 0;
}

/** From the first alert until nineteen of twenty have arrived: a machine with too much to do delays a few on either side. */
function totalMsOf({ live, raisedMs }: Side): number {
  const arrivedMs = live.received.map(({ atMs }) => atMs);
  return quantileOf(arrivedMs, 0.95) - Math.min(...raisedMs.values());
}

function quantileOf(values: readonly number[], share: number): number {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.floor(ascending.length * share)]!;
}

/** Fifty endpoints that take a connection and never answer; each is being tried on return. */
async function addDead({ harness, notifier }: Side): Promise<void> {
  const crowd = await harness.newProject();
  for (let nth = 0; nth < DEAD_ENDPOINTS; nth += 1) await harness.newEndpoint(crowd, dead.url());
  const alerts = Array.from({ length: ALERTS_TO_THE_DEAD }, () => harness.alert(crowd));
  await notifier.accept(batchOf(alerts));
  await eventually(() => (dead.received.length >= DEAD_ENDPOINTS ? true : null), WAIT_MS_MAX);
}

describe('fifty dead endpoints', () => {
  it('keep no place from a live one, and slow it by less than a tenth', async () => {
    const [beside, alone] = [await open(), await open()];
    await addDead(beside);
    await press();
    expect(await noneOfTheDeadEnded(beside)).toBe(true);
    // A machine that others use at the same time tells nothing of a tenth: what is measured is for the long form.
    const slowerMax = byTestLength({ short: 10, long: 1.1 });
    expect(totalMsOf(beside)).toBeLessThan(totalMsOf(alone) * slowerMax);
  });

  it('leave a live one its first attempts where there are fewer places than dead ones', async () => {
    const beside = await open({ attemptsInFlightMax: 32 });
    await addDead(beside);
    await press();
    expect(await noneOfTheDeadEnded(beside)).toBe(true);
  });
});

describe('a first attempt', () => {
  it('begins without a look into the outbox', async () => {
    // Whoever waits for the next look waits longer than this test.
    const side = await open({ pollEveryMs: 60_000 });
    for (let nth = 1; nth <= 10; nth += 1) {
      await raise(side);
      await eventually(() => (side.live.received.length >= nth ? true : null));
    }
  });
});

describe('a stop', () => {
  it('does not wait for the next look into the outbox', async () => {
    const harness = await NotifierHarness.open();
    await harness.start({ pollEveryMs: 60_000 });
    const beganMs = performance.now();
    await harness.close();
    expect(performance.now() - beganMs).toBeLessThan(20_000);
  });
});
