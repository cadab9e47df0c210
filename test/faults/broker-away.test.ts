import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LoadedPlatform, startLoadedPlatform } from '#testing';

const ANSWER_MS_MAX = 2_000;

let test: LoadedPlatform;

beforeAll(async () => {
  test = await startLoadedPlatform('broker-away');
  await test.load.send(100, { batchMax: 10 });
});
afterAll(() => test.end());

/** Sends while the broker is away, until several requests were refused; the careful caller repeats them. */
async function sendWhileAway(leave: () => Promise<void>, comeBack: () => Promise<void>) {
  const { load } = test;
  await leave();
  const before = load.sender.refusals.length;
  const sending = load.send(100, { batchMax: 10 });
  while (load.sender.refusals.length < before + 8) await delay(20);
  const refusals = load.sender.refusals.slice(before);
  await comeBack();
  await sending;
  return refusals;
}

describe('under load, sums stay exact and every 202 is stored', () => {
  it.each([
    ['stopped', () => test.platform.stopProcess('kafka'), () => test.platform.start('kafka')],
    [
      'silent',
      () => Promise.resolve(test.platform.kill('kafka', 'SIGSTOP')),
      () => Promise.resolve(test.platform.kill('kafka', 'SIGCONT')),
    ],
  ])('when the broker is %s: 503 within 2 s until it is back', async (_how, leave, comeBack) => {
    const refusals = await sendWhileAway(leave, comeBack);
    expect(new Set(refusals.map(({ status }) => status))).toEqual(new Set([503]));
    expect(refusals.filter(({ retryAfter }) => retryAfter === null)).toEqual([]);
    expect(Math.max(...refusals.map(({ tookMs }) => tookMs))).toBeLessThan(ANSWER_MS_MAX);
    await test.platform.waitUntilReady('kafka', 60_000);
    expect(await test.load.differences()).toEqual([]);
  });
});
