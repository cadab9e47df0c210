import type { PricedUsage } from '#contracts';
import type { UsageSample } from '#meters';
import { type CompiledWatch, isSliding } from './compile-watch.js';

/** Null for an event that changes nothing. A rate counts every event, also one that adds no amount. */
export function sampleOf({ meter, rate }: CompiledWatch, event: PricedUsage): UsageSample | null {
  const sample = meter.sample(event);
  return rate === null && sample?.amount === 0n ? null : sample;
}

/** Whether two watches take the same of every event. */
export function measuresLike(one: CompiledWatch, other: CompiledWatch): boolean {
  return one.meter === other.meter && (one.rate === null) === (other.rate === null);
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
