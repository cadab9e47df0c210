import { describe, expect, it } from '@jest/globals';
import type { CalendarUnit } from '#contracts';
import type { Budget } from './budget.js';
import { compileBudget, openWindows } from './compile-watch.js';

const budget = (id: string, unit: CalendarUnit) =>
  compileBudget({
    id,
    on: 'events',
    scope: {},
    per: [],
    window: { kind: 'calendar', unit, time_zone: 'UTC' },
  } as unknown as Budget);
const ms = (time: string) => Date.parse(time);

// 36 days before the quarter of an hour that runs, and a day behind it: from 24 October, 05:45, to 30 November, 06:00.
const NOW_MS = ms('2026-11-29T05:52:07Z');

describe('the windows that an event may still fall into', () => {
  it('are those of 36 days back and a day ahead, oldest first', () => {
    expect(openWindows(budget('b1', 'month'), NOW_MS).windows).toEqual([
      { startMs: ms('2026-10-01T00:00Z'), endMs: ms('2026-11-01T00:00Z') },
      { startMs: ms('2026-11-01T00:00Z'), endMs: ms('2026-12-01T00:00Z') },
    ]);
    const december = openWindows(budget('b1', 'month'), ms('2026-11-30T00:00Z')).windows;
    expect(december.at(-1)).toEqual({
      startMs: ms('2026-12-01T00:00Z'),
      endMs: ms('2027-01-01T00:00Z'),
    });
  });

  it('end where the day ahead does: 889 hours', () => {
    const { windows } = openWindows(budget('b1', 'hour'), NOW_MS);
    expect(windows).toHaveLength(889);
    expect(windows[0]!.startMs).toBe(ms('2026-10-24T05:00Z'));
    expect(windows.at(-1)!.endMs).toBe(ms('2026-11-30T06:00Z'));
  });

  it('are one stretch of time where they are minutes', () => {
    expect(openWindows(budget('b1', 'minute'), NOW_MS)).toEqual({
      windows: [{ startMs: ms('2026-10-24T05:45Z'), endMs: ms('2026-11-30T06:00Z') }],
      everyMs: 60_000,
    });
  });

  it('are listed once a quarter of an hour for all budgets of the same windows', () => {
    const found = openWindows(budget('b1', 'week'), ms('2026-11-29T05:45:00Z'));
    expect(openWindows(budget('b2', 'week'), ms('2026-11-29T05:59:59.999Z'))).toBe(found);
    expect(openWindows(budget('b2', 'week'), ms('2026-11-29T06:00:00Z'))).not.toBe(found);
  });
});
