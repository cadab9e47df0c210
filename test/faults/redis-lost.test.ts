import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { WatchedPlatform } from '../invariants/watched-platform.js';

const PARTS = 3;
const LOSSES = 3;

let watched: WatchedPlatform;

beforeAll(async () => {
  watched = await WatchedPlatform.start('redis-lost', { budgets: 120, events: 6_000, sparks: 0 });
});
afterAll(() => watched.end());

async function readiness(): Promise<{ status: number; text: string }> {
  const response = await fetch(`${watched.test.platform.url('aggregator')}/health/ready`);
  return { status: response.status, text: await response.text() };
}

/** Three times in the midst of counting, at moments that the seed chooses. */
async function loseRepeatedly(lose: () => Promise<unknown>): Promise<void> {
  for (let loss = 0; loss < LOSSES; loss++) {
    await delay(watched.test.random.between(100, 1_500));
    await watched.test.platform.waitUntilReady('redis');
    await eventually(() => (watched.redis.status === 'ready' ? true : null));
    await lose();
  }
}

describe('sums and alerts stay right', () => {
  it('when Redis is killed while events flow', async () => {
    const kill = () => Promise.resolve(watched.test.platform.kill('redis'));
    await Promise.all([watched.send(0, PARTS), loseRepeatedly(kill)]);
    expect(await watched.test.load.differences()).toEqual([]);
  });

  it('when Redis is flushed while events flow', async () => {
    await Promise.all([watched.send(1, PARTS), loseRepeatedly(() => watched.redis.flushall())]);
    expect(await watched.test.load.differences()).toEqual([]);
  });

  it('when Redis is away: the door goes on, nothing is stored that is not counted, and readiness says so', async () => {
    const { platform, load } = watched.test;
    await platform.stopProcess('redis');
    const stored = async () => Number((await load.query('SELECT count() FROM usage_raw'))[0]![0]);
    const before = await stored();
    await watched.send(2, PARTS);
    await eventually(async () => ((await readiness()).status === 503 ? true : null));
    expect((await readiness()).text).toContain('redis');
    expect(await stored()).toBe(before);
    await platform.start('redis');
    expect(await load.differences()).toEqual([]);
    expect((await readiness()).status).toBe(200);
    expect(await watched.alertDifferences()).toEqual([]);
    expect(await watched.counterDifferences()).toEqual([]);
  });
});
