const DAY_MS = 86_400_000;
export const EVENT_AGE_MS_MAX = 35 * DAY_MS;
export const EVENT_AHEAD_MS_MAX = DAY_MS;

const PARTS =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))?$/;

/**
 * Milliseconds since the epoch of an RFC 3339 time, UTC where it names no zone; digits beyond milliseconds are cut.
 * Null for a time that is on no calendar, such as 30 February.
 */
export function readTime(text: string): number | null {
  const [, year, month, day, hour, minute, second, fraction = '', sign, zoneHour, zoneMinute] =
    PARTS.exec(text) ?? [];
  if (year === undefined) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (Number(zoneHour ?? 0) > 23 || Number(zoneMinute ?? 0) > 59) return null;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(midnight).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return null;
  const zoneMs = (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * 60_000;
  const local =
    midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + milliseconds;
  return sign === '-' ? local + zoneMs : local - zoneMs;
}

export type TimeRefusal = 'too_old' | 'too_new';

/** Both bounds still pass. */
export function refuseTime(timeMs: number, receivedAtMs: number): TimeRefusal | null {
  if (timeMs < receivedAtMs - EVENT_AGE_MS_MAX) return 'too_old';
  return timeMs > receivedAtMs + EVENT_AHEAD_MS_MAX ? 'too_new' : null;
}
