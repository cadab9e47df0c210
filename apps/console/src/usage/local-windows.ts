import type { TimeRange } from '#clickhouse';
import { Temporal } from 'temporal-polyfill';
import { windowOf } from '#windows';

export const WINDOW_SIZES = ['total', 'month', 'day', 'hour'] as const;
export type WindowSize = (typeof WINDOW_SIZES)[number];

const HOUR_MS = 3_600_000;

/**
 * Cuts `range` into the windows of a local calendar, in order and without gaps.
 * The first and the last are clipped to the range, so that a window says exactly what is summed in it.
 * A window begins where the local clock passes its boundary: a day of a clock change has 23 or 25 hours, and an hour
 * that the clock is moved in ends there. They are the windows of a budget.
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
  const hour = { kind: 'calendar', unit: 'hour', time_zone: timeZone } as const;
  let { startMs, endMs } = windowOf(hour, from);
  let change = nextClockChange(startMs, timeZone);
  for (;;) {
    yield startMs;
    startMs = endMs;
    if (startMs < change) {
      endMs = Math.min(startMs + HOUR_MS, change);
      continue;
    }
    change = nextClockChange(startMs, timeZone);
    endMs = windowOf(hour, startMs).endMs;
  }
}

function nextClockChange(after: number, timeZone: string): number {
  const change = localTime(after, timeZone).getTimeZoneTransition('next');
  return change?.epochMilliseconds ?? Infinity;
}

function localTime(epochMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
}
