const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAYS = 30;

/** The days that the demo covers, and the moment before which its events lie. */
export interface DemoPeriod {
  /** `2026-11-20`, oldest first. */
  days: string[];
  beforeMs: number;
}

/**
 * Thirty whole days and today up to the hour that has begun: well inside the 35 days that an event may be late, and the
 * same for every run within the hour.
 */
export function demoPeriod(nowMs: number): DemoPeriod {
  const todayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const days = Array.from({ length: DAYS + 1 }, (_, n) =>
    new Date(todayMs - (DAYS - n) * DAY_MS).toISOString().slice(0, 10),
  );
  return { days, beforeMs: Math.floor(nowMs / HOUR_MS) * HOUR_MS };
}
