import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LATENCY_BIN_GROWTH, latencyBinOf } from './latency-bins.js';

describe('the bins of latencies', () => {
  it('have a middle within 4.8 % of every latency in them', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.0001, max: 3e10, noNaN: true }), (latencyMs) => {
        const middle =
          (2 * LATENCY_BIN_GROWTH ** latencyBinOf(latencyMs)) / (LATENCY_BIN_GROWTH + 1);
        expect(Math.abs(middle - latencyMs) / latencyMs).toBeLessThan(0.048);
      }),
      { numRuns: 1_000 },
    );
  });

  it('begin with the first millisecond and end with a year', () => {
    expect([0, 0.4, 1, 1.1, 1e15].map(latencyBinOf)).toEqual([0, 0, 0, 1, 255]);
  });
});
