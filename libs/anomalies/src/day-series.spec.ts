import { describe, expect, it } from '@jest/globals';
import { daySeries } from './day-series.js';

describe('a series of days', () => {
  it('begins with the first day and holds zero where nothing was used', () => {
    const days = [
      { day: 13, amount: 5n },
      { day: 10, amount: 2n },
      { day: 15, amount: 9n },
    ];
    expect(daySeries(days, 14)).toEqual([2n, 0n, 0n, 5n, 0n]);
    expect(daySeries(days, 9)).toEqual([]);
    expect(daySeries([], 9)).toEqual([]);
  });

  it('takes a sum that is being corrected below zero for zero', () => {
    expect(daySeries([{ day: 1, amount: -3n }], 1)).toEqual([0n]);
  });
});
