import { describe, expect, it } from '@jest/globals';
import { PICO_PER_USD } from '#money';
import { latencyBinOf, latencyPercentile } from './latency-bins.js';
import { METERS, type RateMeasure } from './catalogue.js';
import type { CounterSum } from './aggregations/aggregation.js';

const measured = (on: RateMeasure, sum: CounterSum) => {
  const { aggregation, unit } = METERS[on];
  return aggregation.measure(sum, unit);
};

const none = { amount: 0n, events: 0, bins: new Map<number, number>() };

/** 1, 2, ... 1,000 ms. */
function everyLatency(): Map<number, number> {
  const bins = new Map<number, number>();
  for (let latencyMs = 1; latencyMs <= 1_000; latencyMs += 1) {
    const bin = latencyBinOf(latencyMs);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  return bins;
}

describe('a rate', () => {
  it('is dollars, a count, a share or a percentile', () => {
    expect(measured('cost', { ...none, amount: 5n * PICO_PER_USD + 32_500_000_000n })).toBe(
      '5.0325',
    );
    expect(measured('tokens', { ...none, amount: 9_007_199_254_740_993n })).toBe(
      '9007199254740993',
    );
    expect(measured('errors', { ...none, amount: 1n, events: 8 })).toBe('0.125');
    expect(measured('errors', { ...none, amount: 2n, events: 3 })).toBe('0.666666');
    expect(measured('errors', { ...none, events: 3 })).toBe('0');
    expect(measured('latency_p50', { ...none, events: 1, bins: new Map([[0, 1]]) })).toBe(
      '0.952381',
    );
  });

  it('of no events is nothing where it is a share of them', () => {
    expect(measured('requests', none)).toBe('0');
    expect(measured('errors', none)).toBeNull();
    expect(measured('latency_p99', none)).toBeNull();
  });

  it.each([
    [0.5, 500],
    [0.95, 950],
    [0.99, 990],
  ])('at the percentile %p of 1 to 1,000 ms is within 4.8 %% of %p ms', (share, exact) => {
    const found = latencyPercentile(everyLatency(), share)!;
    expect(Math.abs(found - exact) / exact).toBeLessThan(0.048);
  });
});
