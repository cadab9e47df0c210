import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import type { NotifierPipeline } from '../../apps/notifier/src/notifier.pipeline.js';
import { batchOf, NotifierWorkbench } from './notifier-workbench.js';
import { WebhookReceiver } from './webhook-receiver.js';

const DEAD_ENDPOINTS = 50;
const ALERTS_TO_THE_DEAD = 20;
/** How long a dead endpoint holds its place. */
const ATTEMPT_MS = 2_000;
const LIVE_ALERTS = 75;
const PACE_MS = 20;
const ROUNDS = 2;

let bench: NotifierWorkbench;
let notifier: NotifierPipeline;

beforeEach(async () => {
  bench = await NotifierWorkbench.open();
});
afterEach(() => bench.close());

interface Round {
  /** From the first alert to the arrival of the last. */
  totalMs: number;
  /** What nineteen of twenty alerts waited at the most. */
  waitMs: number;
}

/** Alerts for a live endpoint at an even pace, whatever becomes of them. */
async function pressLive(): Promise<Round> {
  const live = await WebhookReceiver.open();
  const project = await bench.newProject();
  await bench.newEndpoint(project, live.url());
  const raisedMs = new Map<string, number>();
  const beganMs = performance.now();
  for (let nth = 0; nth < LIVE_ALERTS; nth += 1) {
    await wait(Math.max(0, beganMs + nth * PACE_MS - performance.now()));
    const alert = bench.alert(project);
    raisedMs.set(alert.id, performance.now());
    await notifier.accept(batchOf([alert]));
  }
  await eventually(() => (live.received.length >= LIVE_ALERTS ? true : null));
  await live.close();
  const waitsMs = live.received
    .map(({ headers, atMs }) => atMs - raisedMs.get(String(headers['webhook-id']))!)
    .sort((a, b) => a - b);
  return {
    totalMs: Math.max(...live.received.map(({ atMs }) => atMs)) - beganMs,
    waitMs: waitsMs[Math.floor(LIVE_ALERTS * 0.95)]!,
  };
}

/** The best of some rounds: what else this machine does only ever makes one worse. */
async function best(): Promise<Round> {
  const rounds: Round[] = [];
  for (let nth = 0; nth < ROUNDS; nth += 1) rounds.push(await pressLive());
  return {
    totalMs: Math.min(...rounds.map(({ totalMs }) => totalMs)),
    waitMs: Math.min(...rounds.map(({ waitMs }) => waitMs)),
  };
}

/** Fifty endpoints that take a connection and never answer; at least so many of them are being tried on return. */
async function kill(tried: number): Promise<WebhookReceiver> {
  const dead = await WebhookReceiver.open(() => undefined);
  const crowd = await bench.newProject();
  for (let nth = 0; nth < DEAD_ENDPOINTS; nth += 1) await bench.newEndpoint(crowd, dead.url());
  await notifier.accept(
    batchOf(Array.from({ length: ALERTS_TO_THE_DEAD }, () => bench.alert(crowd))),
  );
  await eventually(() => (dead.received.length >= tried ? true : null));
  return dead;
}

describe('fifty dead endpoints slow a live one by less than a tenth, and it waits for none of them', () => {
  it.each([
    ['from their first attempts on', 256, DEAD_ENDPOINTS],
    // The first of them hold every place until they are found out, after a second.
    ['where they are more than there are places, once they are found out', 32, 2 * 32],
  ])('%s', async (_, attemptsInFlightMax, tried) => {
    notifier = await bench.start({ attemptTimeoutMs: ATTEMPT_MS, attemptsInFlightMax });
    const alone = await best();
    const dead = await kill(tried);
    const beside = await best();
    expect(dead.received.length).toBeLessThan(DEAD_ENDPOINTS * ALERTS_TO_THE_DEAD);
    expect(beside.totalMs).toBeLessThan(alone.totalMs * 1.1);
    expect(beside.waitMs).toBeLessThan(ATTEMPT_MS / 4);
    await dead.close();
  });
});
