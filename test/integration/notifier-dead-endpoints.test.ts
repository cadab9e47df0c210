import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
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
/** A place that a dead endpoint must give back first costs a second. */
const FIRST_ATTEMPT_MS_MAX = 500;

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

/**
 * From the first alert until nineteen of twenty have arrived, and what half of them waited at the most: a machine with too
 * much to do delays one or the other, but not that many on one side alone.
 */
function resultOf({ live, raisedMs }: Side): { totalMs: number; waitMs: number } {
  const arrivedMs = live.received.map(({ atMs }) => atMs);
  const waitsMs = live.received.map(
    ({ headers, atMs }) => atMs - raisedMs.get(String(headers['webhook-id']))!,
  );
  return {
    totalMs: quantileOf(arrivedMs, 0.95) - Math.min(...raisedMs.values()),
    waitMs: quantileOf(waitsMs, 0.5),
  };
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
  it('slow a live one by less than a tenth', async () => {
    const [beside, alone] = [await open(), await open()];
    await addDead(beside);
    await press();
    const [besideThem, withoutThem] = [resultOf(beside), resultOf(alone)];
    expect(besideThem.totalMs).toBeLessThan(withoutThem.totalMs * 1.1);
    expect(besideThem.waitMs).toBeLessThan(withoutThem.waitMs + 250);
  });

  it('leave a live one its first attempts where there are fewer places than dead ones', async () => {
    const beside = await open({ attemptsInFlightMax: 32 });
    await addDead(beside);
    await press();
    expect(resultOf(beside).waitMs).toBeLessThan(FIRST_ATTEMPT_MS_MAX);
  });
});
