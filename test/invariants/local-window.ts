import type { BudgetWindow } from '#contracts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Zones of today change their clocks at whole quarters of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;

const zones = new Map<string, { format: Intl.DateTimeFormat; offsets: Map<number, number> }>();

/**
 * When the calendar window that holds a moment begins, by the tables of `Intl` and plain arithmetic: an account of its
 * own to hold the platform's against. Null for windows that are not of the calendar.
 */
export function windowStart(window: BudgetWindow, timeMs: number): number | null {
  if (window.kind !== 'calendar') return null;
  const { unit, time_zone: zone, start_day: startDay = 1 } = window;
  const offsetMs = offsetOf(zone, timeMs);
  if (unit === 'minute' || unit === 'hour') {
    const lengthMs = unit === 'minute' ? MINUTE_MS : HOUR_MS;
    return Math.floor((timeMs + offsetMs) / lengthMs) * lengthMs - offsetMs;
  }
  const localMs = firstMidnight(Math.floor((timeMs + offsetMs) / DAY_MS) * DAY_MS, unit, startDay);
  return localMs - offsetOf(zone, localMs - offsetOf(zone, localMs));
}

/** Local midnights as if they were UTC. */
function firstMidnight(dayMs: number, unit: string, startDay: number): number {
  if (unit === 'day') return dayMs;
  const day = new Date(dayMs);
  if (unit === 'week') return dayMs - ((day.getUTCDay() - startDay + 7) % 7) * DAY_MS;
  const months = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12;
  const month = Math.floor(day.getUTCMonth() / months) * months;
  const first = Date.UTC(day.getUTCFullYear(), month, startDay);
  return first <= dayMs ? first : Date.UTC(day.getUTCFullYear(), month - months, startDay);
}

function offsetOf(zone: string, timeMs: number): number {
  const { format, offsets } = zones.get(zone) ?? openZone(zone);
  const quarter = Math.floor(timeMs / QUARTER_MS) * QUARTER_MS;
  const known = offsets.get(quarter);
  if (known !== undefined) return known;
  const parts = new Map(format.formatToParts(quarter).map(({ type, value }) => [type, value]));
  const field = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name));
  const localMs = Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour'),
    field('minute'),
  );
  offsets.set(quarter, localMs - quarter);
  return localMs - quarter;
}

function openZone(zone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const opened = { format, offsets: new Map<number, number>() };
  zones.set(zone, opened);
  return opened;
}
