import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import type { NotifierPipeline } from '../../apps/notifier/src/notifier.pipeline.js';
import { batchOf, NotifierWorkbench } from './notifier-workbench.js';
import { WebhookReceiver } from './webhook-receiver.js';

const DEAD_ENDPOINTS = 50;
const ALERTS_TO_THE_DEAD = 20;
/** How long a dead endpoint holds a connection; after half of it, a second, it is found out and holds no place of the others. */
const ATTEMPT_MS = 2_000;
const LIVE_ALERTS = 100;
const PACE_MS = 20;

/** A notifier with a live endpoint. Two of them share this process and this machine, so that its load is the same for both. */
interface Side {
  bench: NotifierWorkbench;
  notifier: NotifierPipeline;
  project: string;
  live: WebhookReceiver;
  raisedMs: Map<string, number>;
}

let sides: Side[];

beforeEach(() => {
  sides = [];
});
afterEach(async () => {
  for (const { bench, live } of sides) {
    await live.close();
    await bench.close();
  }
});

async function open(attemptsInFlightMax: number): Promise<Side> {
  const bench = await NotifierWorkbench.open();
  const notifier = await bench.start({ attemptTimeoutMs: ATTEMPT_MS, attemptsInFlightMax });
  const live = await WebhookReceiver.open();
  const project = await bench.newProject();
  await bench.newEndpoint(project, live.url());
  const side = { bench, notifier, project, live, raisedMs: new Map<string, number>() };
  sides.push(side);
  return side;
}

async function raise({ bench, notifier, project, raisedMs }: Side): Promise<void> {
  const alert = bench.alert(project);
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
  await eventually(() => (sides.every(arrived) ? true : null));
}

/** From the first alert to the arrival of the last; and what nineteen of twenty waited at the most. */
function resultOf({ live, raisedMs }: Side): { totalMs: number; waitMs: number } {
  const waitsMs = live.received
    .map(({ headers, atMs }) => atMs - raisedMs.get(String(headers['webhook-id']))!)
    .sort((a, b) => a - b);
  return {
    totalMs: Math.max(...live.received.map(({ atMs }) => atMs)) - Math.min(...raisedMs.values()),
    waitMs: waitsMs[Math.floor(LIVE_ALERTS * 0.95)]!,
  };
}

/** Fifty endpoints that take a connection and never answer; at least so many attempts have begun on return. */
async function addDead({ bench, notifier }: Side, attempts: number): Promise<WebhookReceiver> {
  const dead = await WebhookReceiver.open(() => undefined);
  const crowd = await bench.newProject();
  for (let nth = 0; nth < DEAD_ENDPOINTS; nth += 1) await bench.newEndpoint(crowd, dead.url());
  const alerts = Array.from({ length: ALERTS_TO_THE_DEAD }, () => bench.alert(crowd));
  await notifier.accept(batchOf(alerts));
  await eventually(() => (dead.received.length >= attempts ? true : null), 60_000);
  return dead;
}

describe('fifty dead endpoints slow a live one by less than a tenth, and it waits for none of them', () => {
  it.each([
    ['from their first attempts on', 256, DEAD_ENDPOINTS],
    // The first of them hold every place until they are found out, after a second.
    ['where they are more than there are places, once they are found out', 32, 2 * 32],
  ])('%s', async (_, attemptsInFlightMax, attempts) => {
    const [beside, alone] = [await open(attemptsInFlightMax), await open(attemptsInFlightMax)];
    const dead = await addDead(beside, attempts);
    await press();
    expect(dead.received.length).toBeLessThan(DEAD_ENDPOINTS * ALERTS_TO_THE_DEAD);
    const [besideThem, withoutThem] = [resultOf(beside), resultOf(alone)];
    expect(besideThem.totalMs).toBeLessThan(withoutThem.totalMs * 1.1);
    expect(besideThem.waitMs).toBeLessThan(withoutThem.waitMs + ATTEMPT_MS / 2);
    await dead.close();
  });
});
