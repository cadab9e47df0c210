export type { CounterSum, HourSum, JudgedBy, UsageSample } from './aggregations/aggregation.js';
export {
  amountDescription,
  BUDGET_MEASURES,
  type BudgetMeasure,
  type MeterName,
  METERS,
  RATE_MEASURES,
  type RateMeasure,
} from './catalogue.js';
export {
  counterKeyOf,
  counterKeysOf,
  countOfCounters,
  countOfCountersMax,
  keySql,
} from './counter-key.js';
export { type Dimension, dimensionOf } from './dimension.js';
export type { StatementParameters } from './event-value.js';
export { LATENCY_BIN_GROWTH, latencyBinOf } from './latency-bins.js';
export type { Meter } from './meter.js';
export { meetsScope, scopeEntries, scopeSql } from './scope.js';
export { STORED_SUMS, type StoredSum, storedSumSql, storedValueSql } from './stored-sums.js';
export { decimalFromLevel, decimalFromUnits, unitsFromDecimal, US_DOLLARS } from './unit.js';
