import { METERS, type MeterName } from './catalogue.js';
import { ONE } from './event-value.js';
import { US_DOLLARS } from './unit.js';

/** The meters that rollups keep, each in a column of its name, in the order in which usage is answered. */
export const STORED_SUMS = [
  'events',
  'requests',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'output_reasoning_tokens',
  'cost',
  'unpriced_events',
] as const satisfies readonly MeterName[];
export type StoredSum = (typeof STORED_SUMS)[number];

/** SQL: the sum over rows of `usage_raw` or of a rollup. Counts are summed in 128 bits, so that it cannot wrap around. */
export function storedSumSql(name: StoredSum, table: string): string {
  const { filter, value, unit } = METERS[name];
  if (value === ONE && table === 'usage_raw') {
    const [condition] = filter.sql;
    return `toInt128(${condition === undefined ? 'count()' : `countIf(${condition})`})`;
  }
  const column = `${table}.${name}`;
  return unit === US_DOLLARS ? `sum(${column})` : `sum(toInt128(${column}))`;
}

/** SQL: what a row of `usage_raw` adds to a rollup. */
export function storedValueSql(name: StoredSum): string {
  const { filter, value, unit } = METERS[name];
  if (value === ONE) return `toInt64(${filter.sql[0] ?? 1})`;
  return unit === US_DOLLARS ? name : `toInt64(${name})`;
}
