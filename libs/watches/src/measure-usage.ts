import {
  type Budget,
  canonicalJson,
  type CounterKey,
  type PricedUsage,
  type WatchDimension,
} from '#contracts';
import { picoFromDecimal } from '#money';

/** What an event adds to a counter. */
export function amountOfUsage({ on }: Budget, { usage, cost }: PricedUsage): bigint {
  if (on === 'cost') return cost.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n;
  if (on === 'events') return 1n;
  if (on === 'requests') return BigInt(usage.requests ?? 1);
  if (on === 'tokens') return BigInt(usage.input_tokens ?? 0) + BigInt(usage.output_tokens ?? 0);
  return BigInt(usage[on] ?? 0);
}

/** The values of an event in a dimension: several only of tags. */
export function valuesOf(usage: PricedUsage, dimension: WatchDimension): string[] {
  if (dimension === 'tag') return [...new Set(usage.tags)];
  const value = dimension.startsWith('property.')
    ? propertyOf(usage, dimension.slice('property.'.length))
    : usage[dimension as Exclude<WatchDimension, 'tag' | `property.${string}`>];
  return value === undefined || value === null ? [] : [String(value)];
}

/** Only what the event has itself: every object has a `toString`. */
function propertyOf({ properties }: PricedUsage, name: string) {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The counters of a budget that an event belongs to, as canonical JSON; none when it lacks one of the values. */
export function counterKeysOf({ per }: Budget, usage: PricedUsage): string[] {
  let keys: CounterKey[] = [{}];
  for (const dimension of per) {
    const values = valuesOf(usage, dimension);
    keys = keys.flatMap((key) => values.map((value) => ({ ...key, [dimension]: value })));
  }
  return keys.map(canonicalJson);
}
