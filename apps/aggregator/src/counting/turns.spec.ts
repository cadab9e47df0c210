import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

describe('the turns of a project', () => {
  it('are summed over three seconds, those under way included', async () => {
    let nowMs = 1_000;
    const now = () => nowMs;
    const turns = new Turns();
    expect(turns.tookMs('p', nowMs)).toBe(0);
    await turns.of('p', now, async () => void (nowMs = 1_400));
    const one = Promise.withResolvers<void>();
    const underWay = turns.of('p', now, () => one.promise);
    nowMs = 2_000;
    // 400 ms of the first, 600 ms of the second.
    expect(turns.tookMs('p', nowMs)).toBe(1_000);
    expect(turns.tookMs('other', nowMs)).toBe(0);
    // Of the first, what lies before 1,200 is forgotten.
    nowMs = 4_200;
    expect(turns.tookMs('p', nowMs)).toBe(200 + 2_800);
    one.resolve();
    await underWay;
    nowMs = 7_199;
    expect(turns.tookMs('p', nowMs)).toBe(1);
    nowMs = 7_200;
    expect(turns.tookMs('p', nowMs)).toBe(0);
  });

  it('end with a throw too', async () => {
    let nowMs = 0;
    const turns = new Turns();
    const failed = turns.of(
      'p',
      () => nowMs,
      () => Promise.reject(new Error('away')),
    );
    await expect(failed).rejects.toThrow('away');
    nowMs = 2_000;
    expect(turns.tookMs('p', nowMs)).toBe(0);
  });
});
