import { expect, test } from '@jest/globals';
import type { SetAsideRow, UsageRow } from '#clickhouse';
import { pricedUsage } from '#samples';
import { setAsideExtentOf, slicesOf } from './plan-extent.js';

const setAside = (project: string | null, appendedAt: string) =>
  ({ project, origin: { appended_at: appendedAt } }) as SetAsideRow;
const counted = (project: string, customer: string | null, eventTime: string) =>
  ({ usage: pricedUsage({ id: eventTime, project, customer, event_time: eventTime }) }) as UsageRow;

test('what is set aside lies between its first and its last moment, in its projects and the one without a name', () => {
  const extent = setAsideExtentOf('plan-7', [
    setAside('p1', '1970-01-01T00:00:02.000Z'),
    setAside(null, '1970-01-01T00:00:01.000Z'),
    setAside('p1', '1970-01-01T00:00:03.500Z'),
  ]);

  expect(extent).toEqual({ token: 'plan-7', projects: ['p1', ''], fromMs: 1000, toMs: 3500 });
});

test('a plan adds to slices of the days that it has rows of, each once', () => {
  const slices = slicesOf([
    counted('p1', 'ann', '2026-11-02T07:59:59.999Z'),
    counted('p2', null, '2026-11-02T23:00:00.000Z'),
    counted('p1', 'ann', '2026-11-02T07:00:00.000Z'),
    counted('p1', 'bob', '2026-11-09T00:00:00.000Z'),
  ]);

  expect(slices).toEqual([
    { day: '2026-11-02', projects: ['p1', 'p2'], customers: ['ann', ''], hours: [7, 23] },
    { day: '2026-11-09', projects: ['p1'], customers: ['bob'], hours: [0] },
  ]);
});
