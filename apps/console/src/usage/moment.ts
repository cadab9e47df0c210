import { ValidateBy } from 'class-validator';

const MOMENT =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,30}))?(Z|z|[+\- ]\d{2}:\d{2})?)?$/;

/** Rollups keep days and hours up to here; no event lies outside. */
export const MOMENT_MIN_MS = 0;
export const MOMENT_MAX_MS = Date.UTC(2100, 0);

/**
 * Milliseconds since the epoch of an RFC 3339 time; UTC without a zone, midnight without a time of day.
 * Digits beyond milliseconds are rounded up: events have milliseconds, so what lies before the moment stays the same.
 * A space for the sign is a `+` that a URL lost. Null for anything else, a day that is on no calendar included.
 */
export function readMoment(text: string): number | null {
  const [, date, time = '00:00', fraction = '', zone = 'Z'] = MOMENT.exec(text) ?? [];
  if (date === undefined) return null;
  const seconds = time.length === 5 ? `${time}:00` : time;
  const wholeSeconds = Date.parse(`${date}T${seconds}${zone.toUpperCase().replace(' ', '+')}`);
  if (Number.isNaN(wholeSeconds) || !isOnCalendar(date)) return null;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const finer = /[1-9]/.test(fraction.slice(3)) ? 1 : 0;
  const moment = wholeSeconds + milliseconds + finer;
  return moment >= MOMENT_MIN_MS && moment <= MOMENT_MAX_MS ? moment : null;
}

/** `Date` takes 30 February for 2 March. */
function isOnCalendar(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/** A time as `readMoment` takes it. */
export function IsMoment(): PropertyDecorator {
  return ValidateBy({
    name: 'isMoment',
    validator: {
      validate: (value) => typeof value === 'string' && readMoment(value) !== null,
      defaultMessage: () => '$property must be an RFC 3339 time between 1970 and 2100',
    },
  });
}
