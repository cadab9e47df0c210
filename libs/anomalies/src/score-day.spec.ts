import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scoreDay } from './score-day.js';

/** So small a minimum that the logarithm is that of the amount itself, to many places. */
const TINY = 1n;
const MILLION = 1_000_000n;

const weeks = (...rows: number[][]): bigint[] => rows.flat().map((n) => BigInt(n) * MILLION);

describe('the score of a day', () => {
  // Two weeks, Monday to Sunday; the median of each weekday is the mean of its two days: Monday (80 + 125) / 2 = 102.5.
  const twoWeeks = weeks([80, 100, 100, 100, 100, 20, 20], [125, 100, 100, 100, 100, 20, 20]);

  it('is worked out from the median of its weekday and the usual distance from it', () => {
    // Of 14 distances 12 are 0 and two are |ln(80 / 102.5)| = 0.24784 and ln(125 / 102.5) = 0.19845. Their median is 0; the
    // 90 % quantile is the 13th of 14: 0.19845. / 1.645 = 0.12064, times sqrt((2 + 1) / (2 - 1)) = 1.73205 makes 0.20895.
    // ln(410 / 102.5) = ln 4 = 1.38629; / 0.20895 = 6.6346. One deviation up: 102.5 * (e^0.20895 - 1) = 23.818.
    const day = scoreDay([...twoWeeks, 410n * MILLION], TINY)!;
    expect(day).toMatchObject({
      value: 410_000_000n,
      expected: 102_500_000n,
      historyDays: 14,
      sameWeekdays: 2,
    });
    expect(day.score).toBeCloseTo(6.6346, 3);
    expect(Number(day.deviation) / 1e6).toBeCloseTo(23.818, 2);
  });

  it('is as far below zero for the same factor down', () => {
    expect(scoreDay([...twoWeeks, 25_625_000n], TINY)!.score).toBeCloseTo(-6.6346, 3);
  });

  it('expects a Saturday of a Saturday', () => {
    const throughFriday = [...twoWeeks, ...weeks([100, 100, 100, 100, 100])];
    const saturday = scoreDay([...throughFriday, 20n * MILLION], TINY)!;
    expect([saturday.expected, saturday.score]).toEqual([20_000_000n, 0]);
  });

  it('uses the median distance where it says more than the quantile', () => {
    // Of each weekday 95, 100, 105 (in turns): 14 of 21 distances are about 0.05, so their median is ln(105 / 100) = 0.04879
    // and the quantile, the 19th, is ln(100 / 95) = 0.05129. 1.4826 * 0.04879 = 0.07234 is more than 0.05129 / 1.645.
    // Times sqrt((3 + 1) / (3 - 1)) = 1.41421 makes 0.10230. ln(200 / 100) / 0.10230 = 6.7757.
    const threeWeeks = [95, 100, 105].flatMap((dollars) => weeks(Array<number>(7).fill(dollars)));
    expect(scoreDay([...threeWeeks, 200n * MILLION], TINY)!.score).toBeCloseTo(6.7757, 3);
  });

  it('takes no spread of less than 10 %', () => {
    // ln(110 / 100) / 0.1 = 0.95310
    const alike = Array<bigint>(28).fill(100n * MILLION);
    expect(scoreDay([...alike, 110n * MILLION], TINY)!.score).toBeCloseTo(0.9531, 3);
  });

  it('counts the minimum volume on both sides of a ratio', () => {
    // (1 + 3 / 1) / (1 + 1 / 1) = 2; ln 2 / 0.1 = 6.93147
    const alike = Array<bigint>(28).fill(MILLION);
    expect(scoreDay([...alike, 3n * MILLION], MILLION)!.score).toBeCloseTo(6.93147, 4);
    expect(scoreDay([...alike, 0n], MILLION)!.score).toBeCloseTo(-6.93147, 4);
  });

  it('says nothing about a short or rarely used past', () => {
    const used = (days: number, of: number) =>
      Array.from({ length: of }, (_, place) => (place < days ? MILLION : 0n));
    expect(scoreDay([], TINY)).toBeNull();
    expect(scoreDay([...used(13, 13), MILLION], TINY)).toBeNull();
    expect(scoreDay([...used(14, 14), MILLION], TINY)).not.toBeNull();
    expect(scoreDay([...used(6, 30), MILLION], TINY)).toBeNull();
    expect(scoreDay([...used(7, 30), MILLION], TINY)).not.toBeNull();
  });

  it('looks back six weeks and no further', () => {
    const old = Array<bigint>(100).fill(9_000n * MILLION);
    const recent = Array.from({ length: 42 }, (_, place) => BigInt(100 + (place % 5)) * MILLION);
    const day = [300n * MILLION];
    expect(scoreDay([...old, ...recent, ...day], TINY)).toEqual(
      scoreDay([...recent, ...day], TINY),
    );
  });

  it('is not moved by one day that was itself out of all bounds', () => {
    const usual = Array.from({ length: 42 }, (_, place) => BigInt(90 + (place % 11)) * MILLION);
    const spoilt = usual.map((amount, place) => (place === 20 ? 1_000n * amount : amount));
    const [before, after] = [usual, spoilt].map((days) =>
      scoreDay([...days, 800n * MILLION], TINY)!,
    );
    expect(Math.abs(after!.score / before!.score - 1)).toBeLessThan(0.1);
  });
});

const amounts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 15, maxLength: 43 });

describe('for any series the score', () => {
  it('stays where it is when amounts and minimum are in another unit', () => {
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 1n, max: 10n ** 15n }), (series, unit) => {
        // Even amounts: the mean of two is then the same in both units.
        const even = series.map((amount) => 2n * amount);
        const day = scoreDay(even, 100n);
        const other = scoreDay(
          even.map((amount) => amount * unit),
          100n * unit,
        );
        expect(other?.expected).toEqual(day === null ? undefined : day.expected * unit);
        if (day !== null) expect(other!.score).toBeCloseTo(day.score, 6);
      }),
    );
  });

  it('does not care in which order the same weekdays came', () => {
    fc.assert(
      fc.property(amounts, fc.infiniteStream(fc.nat()), (series, numbers) => {
        const history = series.slice(0, -1);
        const swapped = [...history];
        for (let place = 7; place < swapped.length; place++) {
          const other = place - 7 * (numbers.next().value % (Math.floor(place / 7) + 1));
          [swapped[place], swapped[other]] = [swapped[other]!, swapped[place]!];
        }
        const day = scoreDay(series, 100n);
        expect(scoreDay([...swapped, series.at(-1)!], 100n)).toEqual(day);
      }),
    );
  });

  it('rises with the amount of the day', () => {
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 1n, max: 10n ** 9n }), (series, more) => {
        const day = scoreDay(series, 100n);
        const above = scoreDay([...series.slice(0, -1), series.at(-1)! + more], 100n);
        expect((above?.score ?? 1) > (day?.score ?? 0)).toBe(true);
      }),
    );
  });
});

it('scores steady growth by itself at 1.3, however fast it is', () => {
  // Six of each weekday, 7 to 42 days back: their median lies 24.5 days back, and they 3.5, 10.5 or 17.5 days from it. With
  // 1 % a day the spread is 1.18322 * 1.4826 * 0.105 = 0.18420 and the day lies 0.245 above: 1.33;
  // a little less, since the mean of the two middle days lies above their geometric mean.
  for (const percent of [0.01, 0.03]) {
    const series = Array.from({ length: 43 }, (_, day) =>
      BigInt(Math.round(1e12 * Math.exp(percent * day))),
    );
    expect(scoreDay(series, TINY)!.score).toBeCloseTo(1.33, 1);
  }
});
