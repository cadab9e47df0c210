import {
  type BudgetMeasure,
  canonicalJson,
  type CounterKey,
  type PricedUsage,
  type WatchDimension,
} from '#contracts';
import { picoFromDecimal } from '#money';
import { type CompiledWatch, isSliding } from './compile-watch.js';
import { latencyBinOf } from './latency-bins.js';

/** What an event adds to a counter. */
export interface UsageSample {
  /** Pico-dollars of cost, else whole counts; of an error share, the errors. */
  amount: bigint;
  /** Its bin in a histogram of latencies; null unless the watch asks for a percentile. */
  latencyBin: number | null;
}

/** Null for an event that changes nothing. A rate counts every event, also one that adds no amount. */
export function sampleOf({ watch, rate }: CompiledWatch, event: PricedUsage): UsageSample | null {
  const { on } = watch;
  if (on === 'errors') return { amount: event.status === 'error' ? 1n : 0n, latencyBin: null };
  if (on === 'latency_p50' || on === 'latency_p95' || on === 'latency_p99') {
    const { latency_ms } = event;
    return latency_ms === null ? null : { amount: 0n, latencyBin: latencyBinOf(latency_ms) };
  }
  const amount = amountOf(on, event);
  return amount === 0n && rate === null ? null : { amount, latencyBin: null };
}

function amountOf(on: BudgetMeasure, { usage, cost }: PricedUsage): bigint {
  if (on === 'cost') return cost.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n;
  if (on === 'events') return 1n;
  if (on === 'requests') return BigInt(usage.requests ?? 1);
  if (on === 'tokens') return BigInt(usage.input_tokens ?? 0) + BigInt(usage.output_tokens ?? 0);
  return BigInt(usage[on] ?? 0);
}

/**
 * When an event counts. In a window that stands still, at its own time; in a sliding one no later than its receipt,
 * since what claims to come from the future is here now.
 */
export function countedAtMs(
  compiled: CompiledWatch,
  eventMs: number,
  { received_at }: PricedUsage,
): number {
  return isSliding(compiled) ? Math.min(eventMs, Date.parse(received_at)) : eventMs;
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

/** The counters of a watch that an event belongs to, as canonical JSON; none when it lacks one of the values. */
export function counterKeysOf({ watch }: CompiledWatch, usage: PricedUsage): string[] {
  let keys: CounterKey[] = [{}];
  for (const dimension of watch.per) {
    const values = valuesOf(usage, dimension);
    keys = keys.flatMap((key) => values.map((value) => ({ ...key, [dimension]: value })));
  }
  return keys.map(canonicalJson);
}
