import type { DayRandom } from './day-random.js';

const HOUR_MS = 3_600_000;

/** Monday is an ordinary day; Sunday is 0, as in `Date`. */
const WEEKDAY_FACTORS = [0.22, 1, 1.06, 1.1, 1.04, 0.88, 0.28];

/** The shares of the hours of a day in UTC: quiet at night, two peaks with lunch between them. */
const HOURS = [
  4, 3, 2, 2, 3, 6, 12, 28, 52, 68, 72, 64, 50, 62, 70, 66, 56, 44, 32, 24, 18, 13, 9, 6,
].map((weight, hour) => ({ hour, weight }));

/** How much of an ordinary working day's usage the day that begins at `dayMs` brings. */
export function weekdayFactor(dayMs: number): number {
  return WEEKDAY_FACTORS[new Date(dayMs).getUTCDay()]!;
}

/** A moment of the day that begins at `dayMs`, likelier in its busy hours. */
export function momentOfDay(random: DayRandom, dayMs: number): number {
  const { hour } = random.pick(HOURS);
  return dayMs + hour * HOUR_MS + random.between(0, HOUR_MS - 1);
}
