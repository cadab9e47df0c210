import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LoadedPlatform, readMetric, startLoadedPlatform } from '#testing';

const PARTITION = 4;
const UNTIL_MS_MAX = 60_000;
/** Rows are decided at once and stored much later, so that a frozen owner holds some. */
const SLOW_STORING = { STORE_EVERY_MS: '2000' };

let test: LoadedPlatform;

beforeAll(async () => {
  test = await startLoadedPlatform('two-owners', { env: { aggregator: SLOW_STORING } });
  await test.platform.startApp('aggregator', { name: 'aggregator-2' });
  await test.platform.stopProcess('aggregator-2');
});
afterAll(() => test.end());

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + UNTIL_MS_MAX;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`not so within ${UNTIL_MS_MAX} ms: ${String(condition)}`);
    await delay(20);
  }
}

/** Rows that an aggregator has decided and not stored. */
function rowsWaiting(): Promise<number> {
  return readMetric(test.platform.metricsUrl('aggregator'), 'aggregator_waiting_rows');
}

/** Lets a second owner take every partition of the frozen first one, as its session ends, and then wakes the first. */
async function takeOverFromFrozen(untilTaken: () => Promise<boolean>): Promise<void> {
  const { platform } = test;
  await platform.start('aggregator-2', { env: test.envOf('aggregator') });
  await until(untilTaken);
  platform.kill('aggregator', 'SIGCONT');
}

describe('two owners of a partition at once leave the sums exact', () => {
  it('when the first froze with rows that were decided and not stored', async () => {
    const { platform, load } = test;
    await load.send(200, { batchMax: 10 });
    await until(async () => (await rowsWaiting()) > 0);
    platform.kill('aggregator', 'SIGSTOP');
    const takenBefore = await load.progress.takeOvers();
    const sending = load.send(100, { batchMax: 10 });
    await takeOverFromFrozen(async () => (await load.progress.takeOvers()) >= takenBefore + 12);
    await sending;
    expect(await load.differences()).toEqual([]);
    await platform.stopProcess('aggregator-2');
  });

  it('when the first froze inside a store, holding its insert and its lock', async () => {
    const { platform, load } = test;
    // Stored in this partition: the first owns it again and has read all that it needs from ClickHouse.
    await load.send(10, {}, PARTITION);
    expect(await load.differences()).toEqual([]);
    platform.kill('clickhouse', 'SIGSTOP');
    await load.send(60, { batchMax: 10 }, PARTITION);
    await until(async () => (await load.progress.unfinishedPlans()).includes(PARTITION));
    platform.kill('aggregator', 'SIGSTOP');
    platform.kill('clickhouse', 'SIGCONT');
    const takenBefore = await load.progress.takeOvers();
    const sending = load.send(60, { batchMax: 10 }, PARTITION);
    await takeOverFromFrozen(async () => (await load.progress.takeOvers()) >= takenBefore + 12);
    await sending;
    expect(await load.differences()).toEqual([]);
    await platform.stopProcess('aggregator-2');
  });

  it('when members of both groups come and go', async () => {
    const { platform, load, random } = test;
    const env = test.envOf('pricing-worker');
    await platform.startApp('pricing-worker', { name: 'pricing-worker-2', env });
    const comeAndGo = async () => {
      for (let round = 0; round < 2; round++) {
        await platform.start('aggregator-2', { env: test.envOf('aggregator') });
        await test.restart(random.pick(['aggregator', 'pricing-worker']));
        platform.kill(random.pick(['aggregator', 'aggregator-2']));
        platform.kill(random.pick(['pricing-worker', 'pricing-worker-2']));
        await platform.stopProcess('aggregator-2');
      }
    };
    await load.sendWhile(comeAndGo());
    expect(await load.differences()).toEqual([]);
  });
});
