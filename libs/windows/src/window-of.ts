import type { BudgetWindow, CalendarUnit } from '#contracts';
import { Temporal } from 'temporal-polyfill';

/** `startMs` inclusive to `endMs` exclusive, in milliseconds since the epoch. A lifetime runs from 0 without an end. */
export interface TimeWindow {
  startMs: number;
  endMs: number;
}

type CalendarWindow = Extract<BudgetWindow, { kind: 'calendar' }>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A rolling window is counted in so many buckets. */
export const BUCKETS_OF_A_SPAN = 60;
/** Clocks of several machines differ: so many buckets ahead of this one's belong to the span. */
export const BUCKETS_AHEAD = 5;

/**
 * The window that holds `timeMs`; of a rolling window the bucket, a sixtieth of the span.
 * The windows of one definition tile time: no moment is in two of them, none in none.
 * @throws RangeError when the time zone is unknown.
 */
export function windowOf(window: BudgetWindow, timeMs: number): TimeWindow {
  if (window.kind === 'lifetime') return { startMs: 0, endMs: Infinity };
  if (window.kind === 'rolling') {
    const bucketMs = bucketMsOf(window.seconds);
    const startMs = Math.floor(timeMs / bucketMs) * bucketMs;
    return { startMs, endMs: startMs + bucketMs };
  }
  if (window.unit === 'minute') return clockWindow(MINUTE_MS, window.time_zone, timeMs);
  if (window.unit === 'hour') return clockWindow(HOUR_MS, window.time_zone, timeMs);
  return dateWindow(window, timeMs);
}

/** Rounded down, so that sixty buckets never hold what is older than the span. */
export function bucketMsOf(spanSeconds: number): number {
  return Math.floor((spanSeconds * 1000) / BUCKETS_OF_A_SPAN);
}

/** Minutes and hours follow the local clock between two of its changes; a change that is no whole hour cuts one short. */
function clockWindow(lengthMs: number, timeZone: string, timeMs: number): TimeWindow {
  const local = localTime(timeMs, timeZone);
  const offsetMs = local.offsetNanoseconds / 1e6;
  const startMs = Math.floor((timeMs + offsetMs) / lengthMs) * lengthMs - offsetMs;
  const lastChange = changeOf(localTime(timeMs + 1, timeZone), 'previous') ?? -Infinity;
  const nextChange = changeOf(local, 'next') ?? Infinity;
  return {
    startMs: Math.max(startMs, lastChange),
    endMs: Math.min(startMs + lengthMs, nextChange),
  };
}

function changeOf(local: Temporal.ZonedDateTime, direction: 'next' | 'previous'): number | null {
  return local.getTimeZoneTransition(direction)?.epochMilliseconds ?? null;
}

/** Days and longer begin where the local date does, also where midnight does not exist. */
function dateWindow(window: CalendarWindow, timeMs: number): TimeWindow {
  const step = STEPS[window.unit as keyof typeof STEPS];
  let start = firstDate(window, localTime(timeMs, window.time_zone).toPlainDate());
  for (;;) {
    const next = start.add(step);
    const endMs = startOf(next, window.time_zone);
    // A clock that goes back over midnight shows a date again whose window has ended.
    if (timeMs < endMs) return { startMs: startOf(start, window.time_zone), endMs };
    start = next;
  }
}

const STEPS = {
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
} as const satisfies Partial<Record<CalendarUnit, Temporal.DurationLike>>;

/** A first day of a window at or before the one that holds `date`, and at most one window before it. */
function firstDate(
  { unit, start_day: startDay = 1 }: CalendarWindow,
  date: Temporal.PlainDate,
): Temporal.PlainDate {
  if (unit === 'day') return date;
  if (unit === 'week') return date.subtract({ days: (date.dayOfWeek - startDay + 7) % 7 });
  const months = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12;
  const month = date.month - ((date.month - 1) % months);
  // Of the period before, when the start day is still to come: so always from there.
  return date.with({ month, day: startDay }).subtract({ months });
}

function startOf(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

function localTime(epochMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
}
