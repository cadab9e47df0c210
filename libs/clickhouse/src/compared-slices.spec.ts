import { describe, expect, it } from '@jest/globals';
import { type CountedDay, cutDays } from './compared-slices.js';

const day = (
  date: number,
  rows: Record<string, number>,
  slices: Partial<CountedDay['slices']> = {},
): CountedDay => ({
  slices: { day: `2026-11-${String(date).padStart(2, '0')}`, ...slices },
  rows: new Map(Object.entries(rows)),
});
const whole = { part: { at: 0, of: 1 } };

describe('a comparison of several days', () => {
  it('takes in days of a million rows together, their projects, customers and hours', () => {
    const compared = cutDays([
      day(2, { p1: 400_000 }, { projects: ['p1'], customers: ['ann'], hours: [7] }),
      day(3, {}, { projects: ['p1'], customers: ['carl'], hours: [8] }),
      day(9, { p1: 1, p2: 599_999 }, { projects: ['p2'], customers: ['bob', 'ann'], hours: [9] }),
    ]);
    expect(compared).toEqual([
      {
        days: ['2026-11-02', '2026-11-09'],
        projects: ['p1', 'p2'],
        customers: ['ann', 'bob'],
        hours: [7, 9],
        ...whole,
      },
    ]);
  });

  it('ends where the next day would make it more than a million rows', () => {
    const compared = cutDays([
      day(1, { p1: 500_000 }),
      day(2, { p1: 300_000, p2: 200_000 }),
      day(3, { p1: 1 }),
    ]);
    expect(compared).toEqual([
      { days: ['2026-11-01', '2026-11-02'], projects: ['p1', 'p2'], ...whole },
      { days: ['2026-11-03'], projects: ['p1'], ...whole },
    ]);
  });

  it('ends where the next day would make it more than a thousand projects', () => {
    const projects = (from: number) =>
      Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`p${from + n}`, 1]));
    const lengths = (second: number) =>
      cutDays([day(1, projects(0)), day(2, projects(second))]).map((one) => one.projects.length);
    expect(lengths(499)).toEqual([1_000]);
    expect(lengths(500)).toEqual([501, 501]);
  });
});

describe('a day that has too many rows', () => {
  it('is cut by its own projects, and one project by parts', () => {
    const compared = cutDays([
      day(1, { p1: 5 }, { projects: ['p1'] }),
      day(
        2,
        { p1: 700_000, p2: 2_000_001, p3: 9, p4: 300_001 },
        { projects: ['p1', 'p2', 'p4'], hours: [3] },
      ),
      day(3, { p1: 5 }, { projects: ['p1'] }),
    ]);
    const ofDay = { days: ['2026-11-02'], hours: [3] };
    expect(compared).toEqual([
      { days: ['2026-11-01'], projects: ['p1'], ...whole },
      { ...ofDay, projects: ['p2'], part: { at: 0, of: 3 } },
      { ...ofDay, projects: ['p2'], part: { at: 1, of: 3 } },
      { ...ofDay, projects: ['p2'], part: { at: 2, of: 3 } },
      { ...ofDay, projects: ['p1'], ...whole },
      { ...ofDay, projects: ['p4'], ...whole },
      { days: ['2026-11-03'], projects: ['p1'], ...whole },
    ]);
  });
});
