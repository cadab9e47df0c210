const ZERO = 0x30;
const TEMPLATE = Buffer.from('0000-00-00T00:00:00.000Z');
export const CANONICAL_TIME_LENGTH = TEMPLATE.length;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Milliseconds since the epoch of `2026-01-31T23:59:59.999Z` at `start`; NaN for every other spelling. */
export function scanTime(bytes: Buffer, start: number): number {
  for (let at = 0; at < CANONICAL_TIME_LENGTH; at += 1) {
    const byte = bytes[start + at]!;
    const expected = TEMPLATE[at]!;
    if (expected === ZERO ? byte < ZERO || byte > ZERO + 9 : byte !== expected) return NaN;
  }
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (year < 1970 || month < 1 || month > 12 || day < 1) return NaN;
  if (day > DAYS_IN_MONTH[month - 1]! && !(isLeap && month === 2 && day === 29)) return NaN;
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const days =
    (year - 1970) * 365 +
    (leapDays - 477) +
    DAYS_BEFORE_MONTH[month - 1]! +
    (isLeap && month > 2 ? 1 : 0) +
    (day - 1);
  const milliseconds = (bytes[start + 20]! - ZERO) * 100 + twoDigits(bytes, start + 21);
  return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + milliseconds;
}

function twoDigits(bytes: Buffer, at: number): number {
  return (bytes[at]! - ZERO) * 10 + (bytes[at + 1]! - ZERO);
}
