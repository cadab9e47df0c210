import { expect, test } from '@jest/globals';
import { withinDays } from './within-days.js';

test('days are named as runs, in order and each once, over the ends of months and leap years', () => {
  const days = ['2028-03-01', '2028-02-28', '2026-12-31', '2027-01-01', '2028-02-29', '2027-01-01'];
  expect(withinDays(days).parameters).toEqual({
    from_0: '2026-12-31',
    to_0: '2027-01-01',
    from_1: '2028-02-28',
    to_1: '2028-03-01',
  });
});

test('every condition holds for any of the runs', () => {
  const { raw, perDay, perHour } = withinDays(['2026-11-02', '2026-11-09']);
  for (const condition of [raw, perDay, perHour])
    expect(condition).toMatch(/^\(\(.*\{from_0:Date\}.*\) OR \(.*\{from_1:Date\}.*\)\)$/);
});
