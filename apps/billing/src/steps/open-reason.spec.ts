import { describe, expect, it } from '@jest/globals';
import { parseBillingPeriod } from '#invoicing';
import { openReason } from './open-reason.js';

const END = Date.parse('2026-12-01T00:00:00Z');
const period = parseBillingPeriod('2026-11')!;

describe('openReason', () => {
  it.each<[string, number, number | null, string | null]>([
    [
      'a month that runs',
      END - 1,
      END + 5,
      '2026-11 is not over (it ends at 2026-12-01T00:00:00.000Z)',
    ],
    ['stored to an unknown moment', END, null, 'nobody can say how much of 2026-11 is stored'],
    [
      'stored to a millisecond before its end',
      END + 9,
      END - 1,
      '2026-11 is stored up to 2026-11-30T23:59:59.999Z only',
    ],
    ['over, and stored to its end', END, END, null],
  ])('%s', (_what, nowMs, freshToMs, reason) => {
    expect(openReason(period, nowMs, freshToMs)).toBe(reason);
  });
});
