import type { RateMeasure } from '#contracts';
import { decimalFromUnits, formatDecimal, parseDecimal } from '#money';
import { latencyPercentile } from './latency-bins.js';
import { PERCENTILES } from './sliding-bounds.js';

const SHARE_SCALE = 6;

/** What the counter of a rate holds over its span. */
export interface RateSum {
  amount: bigint;
  events: number;
  bins: ReadonlyMap<number, number>;
}

/** The rate as a decimal string in the measure's unit; null for a share or a percentile of no events. */
export function measureRate(on: RateMeasure, { amount, events, bins }: RateSum): string | null {
  if (on === 'errors') return events === 0 ? null : shareOf(amount, BigInt(events));
  const percentile = PERCENTILES[on];
  if (percentile === undefined) return decimalFromUnits(amount, on);
  const latencyMs = latencyPercentile(bins, percentile);
  return latencyMs === null ? null : formatDecimal(parseDecimal(latencyMs.toFixed(SHARE_SCALE))!);
}

/** Rounded down: what is below a bound must not look like it. */
function shareOf(part: bigint, whole: bigint): string {
  return formatDecimal({
    units: (part * 10n ** BigInt(SHARE_SCALE)) / whole,
    scale: SHARE_SCALE,
  });
}
