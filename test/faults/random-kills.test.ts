import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { byTestLength, type LoadedPlatform, readMetric, startLoadedPlatform } from '#testing';

const PROCESSES = [
  'ingest-api',
  'pricing-worker',
  'aggregator',
  'kafka',
  'clickhouse',
  'postgres',
  'redis',
];
const MORE_KILLS = byTestLength({ short: 5, long: 30 });
const CUT_INSERTS = byTestLength({ short: 3, long: 15 });

let test: LoadedPlatform;

beforeAll(async () => {
  test = await startLoadedPlatform('random-kills');
});
afterAll(() => test.end());

afterEach(async () => {
  await Promise.all(PROCESSES.map((name) => test.platform.waitUntilReady(name, 60_000)));
  expect(await test.load.differences()).toEqual([]);
});

/** Every process once, then some again; the next blow often comes before the last is recovered from. */
async function killAtRandom(): Promise<void> {
  const { platform, random } = test;
  const again = Array.from({ length: MORE_KILLS }, () => random.pick(PROCESSES));
  for (const name of [...random.shuffled(PROCESSES), ...again]) {
    await delay(random.between(100, 2_000));
    platform.kill(name);
  }
}

/** Plans of which the aggregator could not know whether their insert was whole. */
function plansReadBack(): Promise<number> {
  const url = test.platform.metricsUrl('aggregator');
  return readMetric(url, 'aggregator_stored_plans_total', 'way="read_back"');
}

/**
 * Kills while a plan stands, until so many blows have cut an insert: one that was answered before the blow is no hit, and its plan
 * is finished at its first try.
 */
async function killDuringInserts(): Promise<void> {
  const { platform, load } = test;
  const standing = () => load.progress.standingPlans();
  for (let hits = 0; hits < CUT_INSERTS;) {
    await platform.waitUntilReady('clickhouse');
    const before = await plansReadBack();
    let struck: { token: string }[] = [];
    while (struck.length === 0) struck = await standing();
    platform.kill('clickhouse');
    const tokens = new Set(struck.map(({ token }) => token));
    const isHit = async () => (await plansReadBack()) > before;
    while (!(await isHit()) && (await standing()).some(({ token }) => tokens.has(token)))
      await delay(20);
    if (await isHit()) hits += 1;
  }
}

describe('under load, sums stay exact and every 202 is stored', () => {
  it('when apps and engines are killed at random', async () => {
    await test.load.sendWhile(killAtRandom());
    const starts = PROCESSES.map((name) => test.platform.process(name).starts);
    expect(Math.min(...starts)).toBeGreaterThan(1);
  });

  it('when ClickHouse is killed inside inserts, so often that some are cut', async () => {
    const before = await plansReadBack();
    await test.load.sendWhile(killDuringInserts(), 0);
    expect((await plansReadBack()) - before).toBeGreaterThanOrEqual(CUT_INSERTS);
  });
});
