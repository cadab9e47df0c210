import type { PricedUsage, Scope, WatchDimension } from '#contracts';
import { dimensionOf } from './dimension.js';
import type { StatementParameters } from './event-value.js';

/** The dimensions of a scope with the value that each must have. */
export function scopeEntries(scope: Scope): [WatchDimension, string][] {
  return Object.entries(scope) as [WatchDimension, string][];
}

export function meetsScope(scope: Scope, event: PricedUsage): boolean {
  return scopeEntries(scope).every(([dimension, value]) =>
    dimensionOf(dimension).valuesOf(event).includes(value),
  );
}

/** SQL of one dimension of a scope. */
export interface ScopeSql {
  /** A column of the value that an event was chosen by: a row for each, named `name`. */
  column: string;
  name: string;
  /** The condition that chooses. */
  isAsked: string;
}

/** SQL over `usage_raw`: the events that have, in each dimension, one of the values asked for. */
export function scopeSql(
  asked: readonly (readonly [WatchDimension, readonly string[]])[],
  parameters: StatementParameters,
): ScopeSql[] {
  return asked.map(([dimension, values], at) => {
    const names = { parameter: `scope_name_${at}`, values: `scope_values_${at}` };
    parameters[names.values] = values;
    const { valueAmongSql, isAmongSql } = dimensionOf(dimension);
    const name = `scope_${at}`;
    return {
      column: `${valueAmongSql(names, parameters)} AS ${name}`,
      name,
      isAsked: isAmongSql(names, parameters),
    };
  });
}
