import { medianAmount, medianOf, quantileOf } from './median.js';

/** Six weeks: six days of each weekday. */
export const HISTORY_DAYS_MAX = 42;
/** With fewer days since its first, or fewer of them with usage, nothing is said about a subject. */
export const HISTORY_DAYS_MIN = 14;
const ACTIVE_DAYS_MIN = 7;

const WEEK_DAYS = 7;
/** By these the median and the 90 % quantile of absolute deviations estimate the standard deviation of a normal distribution. */
const MEDIAN_TO_SIGMA = 1.4826;
const QUANTILE = 0.9;
const QUANTILE_TO_SIGMA = 1 / 1.645;
/** Nobody's days are more alike than this: 10 %. */
const SPREAD_MIN = 0.1;
const RATIO_UNITS = 1_000_000;

/** One day held against the days before it. Amounts are in the measure's unit: pico-dollars or counts. */
export interface DayScore {
  value: bigint;
  /** The median of the same weekday among the days before. */
  expected: bigint;
  /** One usual deviation above `expected`, as an amount. */
  deviation: bigint;
  /** How many usual deviations lie between the two, on a logarithmic scale; negative below. */
  score: number;
  historyDays: number;
  /** Days of the same weekday among them. */
  sameWeekdays: number;
}

/**
 * Scores the last day of a series: one amount a day, in order and without gaps, from the subject's first day. Only the six
 * weeks before it count.
 *
 * @param minimumVolume above 0. Amounts well below it are alike: logarithms are taken of `1 + amount / minimumVolume`
 * @returns null where the history is too short, or too rarely used, to say anything
 */
export function scoreDay(series: readonly bigint[], minimumVolume: bigint): DayScore | null {
  const value = series.at(-1) ?? 0n;
  const history = series.slice(0, -1).slice(-HISTORY_DAYS_MAX);
  if (history.length < HISTORY_DAYS_MIN) return null;
  if (history.filter((amount) => amount > 0n).length < ACTIVE_DAYS_MIN) return null;

  // Plain numbers from here on: a score is no money. The amounts that are answered stay exact.
  const scale = Number(minimumVolume);
  const levelOf = (amount: bigint) => Math.log1p(Number(amount) / scale);
  const expectations = expectedByWeekday(history);
  const expectedLevels = expectations.map(levelOf);
  const spread = spreadOf(
    history.map((amount, place) =>
      Math.abs(levelOf(amount) - expectedLevels[weekdayDistance(place, history.length)]!),
    ),
  );
  const expected = expectations[0]!;
  return {
    value,
    expected,
    deviation: ((expected + minimumVolume) * ratioUnits(Math.expm1(spread))) / BigInt(RATIO_UNITS),
    score: (levelOf(value) - expectedLevels[0]!) / spread,
    historyDays: history.length,
    sameWeekdays: Math.floor(history.length / WEEK_DAYS),
  };
}

/** The median of each weekday; the first is that of the day that follows the history. */
function expectedByWeekday(history: readonly bigint[]): bigint[] {
  const weekdays = Array.from({ length: WEEK_DAYS }, (): bigint[] => []);
  history.forEach((amount, place) =>
    weekdays[weekdayDistance(place, history.length)]!.push(amount),
  );
  return weekdays.map(medianAmount);
}

/** By how many days of the week a day of the history lies before the day that follows it: 0 for the same weekday. */
function weekdayDistance(place: number, days: number): number {
  return (days - place) % WEEK_DAYS;
}

/**
 * The usual distance of a day from its expectation. The median alone would call every busy day of a subject that is idle
 * on most days unusual, and every day of a new level; the quantile knows what happens on one day in ten. The medians were
 * taken from the very days whose distances these are: with few weeks they fit too well, which the last factor makes good.
 */
function spreadOf(deviations: readonly number[]): number {
  const weeks = deviations.length / WEEK_DAYS;
  const spread = Math.max(
    MEDIAN_TO_SIGMA * medianOf(deviations),
    QUANTILE_TO_SIGMA * quantileOf(deviations, QUANTILE),
  );
  return Math.max(SPREAD_MIN, spread * Math.sqrt((weeks + 1) / (weeks - 1)));
}

function ratioUnits(ratio: number): bigint {
  return BigInt(Math.round(ratio * RATIO_UNITS));
}
