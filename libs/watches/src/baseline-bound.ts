import type { HourSum } from '#meters';
import type { CompiledRate } from './compile-watch.js';
import type { Rate } from './rate.js';

/** So many days of seven must have data before they say what is usual. */
const DAYS_WITH_DATA_MIN = 3;
const HOUR_SECONDS = 3_600n;
/** A percentage is exact to so many parts of itself. */
const PERCENT_SCALE = 1_000_000;

/** The bound of a rate against what its counter had in this hour of earlier days: as an amount, or as a share or latency. */
export function boundOfHours(
  { rate, meter }: CompiledRate,
  days: readonly HourSum[],
): bigint | number | null {
  const { levelOf } = meter.aggregation;
  return levelOf === null
    ? boundOfAmounts(
        rate,
        days.map(({ amount }) => amount),
      )
    : boundOfLevels(rate, days.map(levelOf));
}

/**
 * The bound of a rate against earlier days: the median of what each day with data had in this hour, scaled to the span,
 * raised by `change_percent`; in units of the measure, rounded up. Null where too few days have data, or had nothing:
 * there is no change against nothing.
 */
export function boundOfAmounts(
  { change_percent, over_seconds }: Pick<Rate, 'change_percent' | 'over_seconds'>,
  days: readonly bigint[],
): bigint | null {
  if (days.length < DAYS_WITH_DATA_MIN) return null;
  const sorted = days.toSorted((a, b) => Number(a - b));
  // Twice the median, so that the middle of two stays whole.
  const [low, high] = middles(sorted);
  const parts = (low + high) * BigInt(over_seconds) * raisedBy(change_percent);
  const whole = 2n * HOUR_SECONDS * 100n * BigInt(PERCENT_SCALE);
  const bound = (parts + whole - 1n) / whole;
  return bound > 0n ? bound : null;
}

/** The same for a share or a latency, which no span scales. */
export function boundOfLevels(
  { change_percent }: Pick<Rate, 'change_percent'>,
  days: readonly number[],
): number | null {
  if (days.length < DAYS_WITH_DATA_MIN) return null;
  const [low, high] = middles(days.toSorted((a, b) => a - b));
  const bound = ((low + high) / 2) * (Number(raisedBy(change_percent)) / (100 * PERCENT_SCALE));
  return bound > 0 ? bound : null;
}

function middles<T>(sorted: readonly T[]): [T, T] {
  return [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
}

/** The percentage of the median, in parts. */
function raisedBy(changePercent: number | null): bigint {
  return BigInt(Math.round((100 + (changePercent ?? 0)) * PERCENT_SCALE));
}
