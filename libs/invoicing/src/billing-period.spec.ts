import { describe, expect, it } from '@jest/globals';
import { parseBillingPeriod } from './billing-period.js';

describe('parseBillingPeriod', () => {
  it.each([
    ['2026-11', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2028-02', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
  ])('%s is a whole month in UTC', (name, start, end) => {
    expect(parseBillingPeriod(name)).toEqual({ name, start: new Date(start), end: new Date(end) });
  });

  it.each(['2026-13', '2026-00', '2026-1', '2026', '26-11', '2026-11-01', '', ' 2026-11'])(
    'refuses %j',
    (text) => expect(parseBillingPeriod(text)).toBeNull(),
  );
});
