import { decimalFromUnits } from '../unit.js';
import type { Aggregation } from './aggregation.js';

/** A count is the sum of ones. */
export const SUM: Aggregation<bigint> = {
  sampler: (read) => (event) => ({ amount: read(event), latencyBin: null }),
  sampleSql: (amount) => ({ amount, bin: null }),
  measure: ({ amount }, unit) => decimalFromUnits(amount, unit),
  judged: { by: 'amount' },
  levelOf: null,
  exactSql: null,
};
