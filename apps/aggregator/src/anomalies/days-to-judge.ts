import type { AnomalyDirection } from '#contracts';

const DAY_MS = 86_400_000;
/** A finished day may be found too low only this long after its end: events take their time. */
const SETTLING_MS = 3_600_000;
/** Finished days that are judged again each time: so late usage moves their marks, and an outage of a week misses none. */
const FINISHED_DAYS = 7;

export interface DayToJudge {
  /** Days since the epoch, UTC. */
  day: number;
  directions: readonly AnomalyDirection[];
}

/**
 * The days that are judged now, oldest first; the last is the unfinished one. Usage only grows, so any of them may be too
 * high already. Too low is said of days that are over and whose every event is stored.
 *
 * @param completeToMs up to when every acknowledged event is stored; null while unknown
 */
export function daysToJudge(nowMs: number, completeToMs: number | null): DayToJudge[] {
  const today = Math.floor(nowMs / DAY_MS);
  const settledMs = Math.min(nowMs, completeToMs ?? 0) - SETTLING_MS;
  return Array.from({ length: FINISHED_DAYS + 1 }, (_, place) => {
    const day = today - FINISHED_DAYS + place;
    const isSettled = (day + 1) * DAY_MS <= settledMs;
    return { day, directions: isSettled ? ['high', 'low'] : ['high'] };
  });
}

/** `YYYY-MM-DD` of a day since the epoch. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
