import { describe, expect, it } from '@jest/globals';
import { BackOff } from './back-off.js';

describe('BackOff', () => {
  it('doubles from 0.2 s and stays at 5 s for ever', () => {
    const backOff = new BackOff();
    const delays = Array.from({ length: 8 }, () => backOff.delayAfterRun(100));
    expect(delays).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
    for (let run = 0; run < 2_000; run += 1) expect(backOff.delayAfterRun(0)).toBe(5_000);
  });

  it('begins again after ten seconds of running, not after nine', () => {
    const backOff = new BackOff();
    for (let run = 0; run < 4; run += 1) backOff.delayAfterRun(0);
    expect(backOff.delayAfterRun(9_999)).toBe(3_200);
    expect(backOff.delayAfterRun(10_000)).toBe(200);
    expect(backOff.delayAfterRun(0)).toBe(400);
  });
});
