import { expect, test } from '@jest/globals';
import type { RollupDifference } from '#clickhouse';
import { slicesOfDifferences } from './slices-of-differences.js';

const ofDay = (project: string | null, customer: string | null): RollupDifference => ({
  table: 'usage_per_day',
  slice: { project, customer, day: '2026-11-02' },
  missing: {},
});
const ofHour = (project: string, hour: string): RollupDifference => ({
  table: 'usage_per_hour',
  slice: { project, hour },
  missing: {},
});

test('each project is compared once more, whole, in the customers and hours that differ', () => {
  const slices = slicesOfDifferences([
    ofDay('p1', 'ann'),
    ofHour('p1', '2026-11-02 07:00:00'),
    ofDay('p2', null),
    ofDay('p1', 'ann'),
    ofHour('p1', '2026-11-02 23:00:00'),
  ]);

  const part = { at: 0, of: 1 };
  expect(slices).toEqual([
    { days: ['2026-11-02'], projects: ['p1'], customers: ['ann'], hours: [7, 23], part },
    { days: ['2026-11-02'], projects: ['p2'], customers: [''], hours: [], part },
  ]);
});

test('a difference without a project is one of the project without a name', () => {
  expect(slicesOfDifferences([ofDay(null, 'ann')])[0]!.projects).toEqual(['']);
});

test('401 differences of a project are three comparisons of 200, 200 and 1, and 400 are two', () => {
  const differing = Array.from({ length: 401 }, (_, at) => ofDay('p1', `c${at}`));

  const customers = slicesOfDifferences(differing).map((slices) => slices.customers ?? []);

  expect(customers.map(({ length }) => length)).toEqual([200, 200, 1]);
  expect(customers.flat()).toEqual(differing.map(({ slice }) => slice['customer']));
  expect(slicesOfDifferences(differing.slice(1))).toHaveLength(2);
});
