import type { TimeRange } from '#clickhouse';
import { Temporal } from 'temporal-polyfill';

export const WINDOW_SIZES = ['total', 'month', 'day', 'hour'] as const;
export type WindowSize = (typeof WINDOW_SIZES)[number];

const HOUR_MS = 3_600_000;

/**
 * Cuts `range` into the windows of a local calendar, in order and without gaps.
 * The first and the last are clipped to the range, so that a window says exactly what is summed in it.
 * A window begins where the local clock passes its boundary: a day of a clock change has 23 or 25 hours, and an hour
 * window is not 60 minutes long where the clock is moved by half an hour.
 */
export function* localWindows(
  range: TimeRange,
  size: WindowSize,
  timeZone: string,
): Generator<TimeRange> {
  if (size === 'total') {
    yield range;
    return;
  }
  const starts =
    size === 'hour' ? hourStarts(range.from, timeZone) : dateStarts(range.from, size, timeZone);
  let from = range.from;
  for (const start of starts) {
    if (start <= from) continue;
    if (start >= range.to) break;
    yield { from, to: start };
    from = start;
  }
  yield { from, to: range.to };
}

/** Where local days or months begin, from the one that holds `from` on, without end. */
function* dateStarts(from: number, size: 'month' | 'day', timeZone: string): Generator<number> {
  const first = localTime(from, timeZone);
  let start = (size === 'month' ? first.with({ day: 1 }) : first).startOfDay();
  const step = size === 'month' ? { months: 1 } : { days: 1 };
  for (;;) {
    yield start.epochMilliseconds;
    // Midnight may not exist on a day, or the whole day may not: the day then begins where its clock does.
    start = start.add(step).startOfDay();
  }
}

/** Where local hours begin. Between two clock changes they lie an hour apart, which spares the calendar arithmetic. */
function* hourStarts(from: number, timeZone: string): Generator<number> {
  const first = localTime(from, timeZone).round({ smallestUnit: 'hour', roundingMode: 'floor' });
  let start = first.epochMilliseconds;
  let [lastChange, change] = [start, nextClockChange(start, timeZone)];
  for (;;) {
    yield start;
    if (start > lastChange && start + HOUR_MS < change) {
      start += HOUR_MS;
      continue;
    }
    start = nextHourStart(start, timeZone);
    if (start >= change) [lastChange, change] = [change, nextClockChange(start, timeZone)];
  }
}

function nextHourStart(start: number, timeZone: string): number {
  const anHourOn = localTime(start + HOUR_MS, timeZone);
  const floor = anHourOn.round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds;
  if (floor > start) return floor;
  return anHourOn.round({ smallestUnit: 'hour', roundingMode: 'ceil' }).epochMilliseconds;
}

function nextClockChange(after: number, timeZone: string): number {
  const change = localTime(after, timeZone).getTimeZoneTransition('next');
  return change?.epochMilliseconds ?? Infinity;
}

function localTime(epochMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
}
