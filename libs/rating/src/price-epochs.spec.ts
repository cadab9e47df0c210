import { describe, expect, it } from '@jest/globals';
import { epochAt, priceEpochsOf } from './price-epochs.js';

type Constraint = object | undefined;

/** The price in force at each moment, of a list of entries that cost 1, 2, ... dollars. */
function pricesAt(constraints: Constraint[], times: string[]): string[] {
  const prices = constraints.map((constraint, index) => ({
    ...(constraint && { constraint }),
    prices: { input_mtok: index + 1 },
  }));
  const epochs = priceEpochsOf({ prices } as Parameters<typeof priceEpochsOf>[0]);
  return times.map((time) => epochAt(epochs, Date.parse(time)).card.rates[0]!.steps[0]!.price);
}
const from = (start_date: string) => ({ type: 'start_date', start_date });
const daily = (start_time: string, end_time: string) => ({
  type: 'time_of_date',
  start_time,
  end_time,
});

describe('the price in force', () => {
  it('is the only one, where there is no list', () => {
    const epochs = priceEpochsOf({ prices: { input_mtok: 3 } });
    expect(epochAt(epochs, 0).card.rates[0]!.steps[0]!.price).toBe('3');
  });

  it('is the last of those that hold, and the first where none does', () => {
    const list = [from('2026-01-01'), from('2026-06-01'), from('2026-03-01')];
    const times = [
      '2025-12-31T23:59Z',
      '2026-01-01T00:00Z',
      '2026-02-28T23:59Z',
      '2026-07-01T00:00Z',
    ];
    expect(pricesAt(list, times)).toEqual(['1', '1', '1', '3']);
    expect(pricesAt([from('2026-01-01'), undefined], times)).toEqual(['2', '2', '2', '2']);
  });

  it.each([
    [
      'inside a day',
      '09:30:15Z',
      '10:00:00Z',
      ['09:30:14.999', '09:30:15', '09:59:59.999', '10:00:00'],
      '1221',
    ],
    [
      'in a zone ahead',
      '01:00:00+05:30',
      '02:00:00+05:30',
      ['19:29:59.999', '19:30:00', '20:29:59', '20:30:00'],
      '1221',
    ],
    [
      'in a zone behind',
      '21:00:00-03:30',
      '22:00:00-03:30',
      ['00:29:59.999', '00:30:00', '01:29:59', '01:30:00'],
      '1221',
    ],
    [
      'over midnight',
      '23:00:00Z',
      '01:00:00Z',
      ['22:59:59.999', '23:00:00', '00:59:59', '01:00:00'],
      '1221',
    ],
    [
      'of no length',
      '10:00:00Z',
      '10:00:00Z',
      ['09:59:59', '10:00:00', '10:00:01', '00:00:00'],
      '1111',
    ],
  ])('by the hours of a window %s', (_, start, end, times, prices) => {
    const list = [undefined, daily(start, end)];
    expect(
      pricesAt(
        list,
        times.map((time) => `2026-11-02T${time}Z`),
      ).join(''),
    ).toBe(prices);
    // Before 1970 as well.
    expect(
      pricesAt(
        list,
        times.map((time) => `1969-11-02T${time}Z`),
      ).join(''),
    ).toBe(prices);
  });
});

describe('price data that is wrong', () => {
  it.each([
    [from('soon'), 'soon is not a date'],
    [daily('9:30:00Z', '10:00:00Z'), '9:30:00Z is not a time of day'],
    [daily('09:30:00', '10:00:00Z'), '09:30:00 is not a time of day'],
    [daily('09:30:00Z', 'at 10:00:00Z'), 'at 10:00:00Z is not a time of day'],
    [daily('09:30:00Z', '10:00:00Zulu'), '10:00:00Zulu is not a time of day'],
    [daily('09:30:00Z', '10:00:00+1:00'), '10:00:00+1:00 is not a time of day'],
  ])('is refused: %j', (constraint, message) => {
    expect(() => pricesAt([undefined, constraint], [])).toThrow(message);
  });
});
