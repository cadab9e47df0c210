import type { AnomalyDirection, AnomalySensitivity } from '#contracts';
import { type DayScore, scoreDay } from './score-day.js';

/** The scores from which a day is an anomaly. docs/anomalies.md has the false alarms of each, as measured. */
export const SCORE_BOUNDS: Record<AnomalySensitivity, number> = { low: 5, medium: 4, high: 3 };

export interface Anomaly extends DayScore {
  direction: AnomalyDirection;
}

export interface DetectionRules {
  sensitivity: AnomalySensitivity;
  /** Above 0, in the unit of the amounts. */
  minimumVolume: bigint;
  /** A day that is not over can only be too high already. */
  directions: readonly AnomalyDirection[];
}

/** Whether the last day of a series (see `scoreDay`) is an anomaly; null when it is none, or when nothing can be said. */
export function detectAnomaly(
  series: readonly bigint[],
  { sensitivity, minimumVolume, directions }: DetectionRules,
): Anomaly | null {
  const value = series.at(-1) ?? 0n;
  const mayBeHigh = directions.includes('high') && value >= minimumVolume;
  if (!mayBeHigh && !directions.includes('low')) return null;
  const day = scoreDay(series, minimumVolume);
  if (day === null) return null;
  const bound = SCORE_BOUNDS[sensitivity];
  if (mayBeHigh && day.score >= bound) return { ...day, direction: 'high' };
  const mayBeLow = directions.includes('low') && day.expected >= minimumVolume;
  return mayBeLow && day.score <= -bound ? { ...day, direction: 'low' } : null;
}
