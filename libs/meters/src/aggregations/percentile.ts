import { latencyBinOf, latencyBinSql, latencyPercentile } from '../latency-bins.js';
import { decimalFromLevel } from '../unit.js';
import type { Aggregation } from './aggregation.js';

/** What a share of the values (0 to 1) does not exceed: counters keep a histogram, stored usage is exact. */
export function percentile(share: number): Aggregation<number> {
  return {
    sampler: (read) => (event) => ({ amount: 0n, latencyBin: latencyBinOf(read(event)) }),
    sampleSql: (latencyMs) => ({ amount: 'toInt128(0)', bin: latencyBinSql(latencyMs) }),
    measure: ({ bins }) => {
      const latencyMs = latencyPercentile(bins, share);
      return latencyMs === null ? null : decimalFromLevel(latencyMs);
    },
    judged: { by: 'latency', percentile: share },
    levelOf: ({ latencyMs }) => latencyMs,
    exactSql: (latencyMs) => `quantileExact(${share})(${latencyMs})`,
  };
}
