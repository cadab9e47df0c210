import { describe, expect, it } from '@jest/globals';
import { boundOfAmounts, boundOfHours, boundOfLevels } from './baseline-bound.js';
import { compileRate } from './compile-watch.js';
import type { Rate } from './rate.js';

describe('a bound by earlier days', () => {
  it('is the median hour, scaled to the span, and so much more', () => {
    const rate = { change_percent: 50, over_seconds: 60 };
    // 3,600 an hour is 60 a minute; half as much again is 90.
    expect(boundOfAmounts(rate, [7_200n, 3_600n, 1_800n])).toBe(90n);
    // Between 3,600 and 7,200: 5,400 an hour, 90 a minute, 135 with the half.
    expect(boundOfAmounts(rate, [1n, 7_200n, 3_600n, 9_999n])).toBe(135n);
    // 3,601 an hour is 60.0167 a minute, 90.025 with the half: rounded up.
    expect(boundOfAmounts(rate, [3_601n, 3_601n, 3_601n])).toBe(91n);
    expect(
      boundOfAmounts({ change_percent: 0.1, over_seconds: 3_600 }, [1_000n, 1_000n, 1_000n]),
    ).toBe(1_001n);
  });

  it('is exact beyond 2^53', () => {
    const day = 9_007_199_254_740_993n * 3_600n;
    expect(boundOfAmounts({ change_percent: 0, over_seconds: 1 }, [day, day, day])).toBe(
      9_007_199_254_740_993n,
    );
  });

  it('of shares and latencies is scaled by no span', () => {
    expect(boundOfLevels({ change_percent: 100 }, [0.5, 0.01, 0.02])).toBe(0.04);
    expect(boundOfLevels({ change_percent: 20 }, [100, 200, 300, 400])).toBe(300);
  });

  it('needs three days, and something in them', () => {
    const rate = { change_percent: 50, over_seconds: 60 };
    expect(boundOfAmounts(rate, [5n, 5n])).toBeNull();
    expect(boundOfAmounts(rate, [0n, 0n, 5n])).toBeNull();
    expect(boundOfLevels(rate, [0, 0, 0.5])).toBeNull();
    expect(boundOfLevels(rate, [0.5])).toBeNull();
  });

  it('has the days in any order', () => {
    const rate = { change_percent: 0, over_seconds: 3_600 };
    for (const days of [
      [9n, 1n, 5n],
      [5n, 9n, 1n],
      [1n, 5n, 9n],
    ])
      expect(boundOfAmounts(rate, days)).toBe(5n);
    expect(boundOfAmounts(rate, [1n, 9n, 3n, 7n, 4n, 8n])).toBe(6n);
    expect(boundOfLevels(rate, [0.25, 0.5, 0.125])).toBe(0.25);
  });

  it('takes of an hour what the rate measures: a sum, a share of its events, or a latency', () => {
    const hours = [3, 1, 2].map((n) => ({ amount: BigInt(n), events: 8, latencyMs: 100 * n }));
    const boundOf = (on: Rate['on']) => {
      const rate = { id: 'r1', on, scope: {}, per: [], over_seconds: 3_600, change_percent: 100 };
      return boundOfHours(compileRate(rate as unknown as Rate), hours);
    };
    // Twice the middle one: of 2 requests, of 2 in 8 events, of 200 ms.
    expect([boundOf('requests'), boundOf('errors'), boundOf('latency_p95')]).toEqual([
      4n,
      0.5,
      400,
    ]);
  });
});
