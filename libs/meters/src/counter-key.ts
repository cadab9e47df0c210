import { canonicalJson, type CounterKey, type PricedUsage, type WatchDimension } from '#contracts';
import { dimensionOf } from './dimension.js';
import type { StatementParameters } from './event-value.js';

/** The counters of a watch that an event belongs to, as canonical JSON; none when it lacks one of the values. */
export function counterKeysOf(per: readonly WatchDimension[], event: PricedUsage): string[] {
  let keys: CounterKey[] = [{}];
  for (const dimension of per) {
    const values = dimensionOf(dimension).valuesOf(event);
    keys = keys.flatMap((key) => values.map((value) => ({ ...key, [dimension]: value })));
  }
  return keys.map(canonicalJson);
}

/** How many that are, without making any of them. */
export function countOfCounters(per: readonly WatchDimension[], event: PricedUsage): number {
  return per.reduce((count, dimension) => count * dimensionOf(dimension).valuesOf(event).length, 1);
}

/** How many that may be of one event, whatever it holds. */
export function countOfCountersMax(per: readonly WatchDimension[]): number {
  return per.reduce((count, dimension) => count * dimensionOf(dimension).valuesMax, 1);
}

/** SQL of one value of a counter key. */
export interface KeySql {
  /** A row for each value, named `name`. */
  column: string;
  name: string;
  /** The condition that an event has a value. */
  exists: string;
}

/** SQL over `usage_raw`: the counters that an event belongs to. `counterKeyOf` reads them. */
export function keySql(per: readonly WatchDimension[], parameters: StatementParameters): KeySql[] {
  return per.map((dimension, at) => {
    const { valueSql, hasValueSql } = dimensionOf(dimension);
    const parameter = `per_name_${at}`;
    const name = `key_${at}`;
    return {
      column: `${valueSql(parameter, parameters)} AS ${name}`,
      name,
      exists: hasValueSql(parameter),
    };
  });
}

/** Canonical JSON of the values that the columns of `keySql` have in a row, in their order. */
export function counterKeyOf(per: readonly WatchDimension[], values: readonly unknown[]): string {
  const key: CounterKey = {};
  per.forEach((dimension, at) => (key[dimension] = String(values[at])));
  return canonicalJson(key);
}
