import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BudgetWindow, CalendarUnit } from '#contracts';
import { WindowFinder } from './window-finder.js';
import { windowOf } from './window-of.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Clocks that change by an hour, by half an hour, by a whole day, at midnight, or never. */
const ZONES = ['America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Cairo', 'UTC'];
const UNITS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

const windows: fc.Arbitrary<BudgetWindow> = fc.oneof(
  fc.record({
    kind: fc.constant('calendar' as const),
    unit: fc.constantFrom<CalendarUnit>(...UNITS),
    time_zone: fc.constantFrom(...ZONES),
  }),
  fc.record({ kind: fc.constant('rolling' as const), seconds: fc.integer({ min: 1, max: 9_999 }) }),
  fc.constant({ kind: 'lifetime' as const }),
);

describe('WindowFinder', () => {
  it('finds what windowOf finds, also right before and behind a change of the clocks', () => {
    const changes = [
      '2011-12-30T10:00Z',
      '2026-03-08T07:00Z',
      '2026-04-04T15:00Z',
      '2026-04-23T22:00Z',
    ];
    const times = fc.array(
      fc
        .tuple(fc.constantFrom(...changes), fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }))
        .map(([change, offsetMs]) => Date.parse(change) + offsetMs),
      { minLength: 20, maxLength: 60 },
    );
    fc.assert(
      fc.property(windows, times, (window, moments) => {
        const finder = WindowFinder.for(window);
        expect(moments.map((timeMs) => finder.of(timeMs))).toEqual(
          moments.map((timeMs) => windowOf(window, timeMs)),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is one for all who ask for the same windows', () => {
    const month = () =>
      WindowFinder.for({ kind: 'calendar', unit: 'month', time_zone: 'Pacific/Niue' });
    expect(month()).toBe(month());
    const first = month();
    expect(first).not.toBe(WindowFinder.for({ kind: 'lifetime' }));
    expect(month()).toBe(first);
  });

  it('is forgotten behind a thousand others, so that they take bounded memory', () => {
    const of = (seconds: number) => WindowFinder.for({ kind: 'rolling', seconds });
    const first = of(1);
    for (let others = 2; others <= 1_001; others += 1) of(others);
    expect(of(1)).not.toBe(first);
  });

  it.each([
    ['hour', 15 * MINUTE_MS],
    ['minute', MINUTE_MS],
  ] as const)(
    'works out a window once for moments of one %s, however they alternate',
    (unit, cellMs) => {
      const finder = WindowFinder.for({ kind: 'calendar', unit, time_zone: 'Asia/Kathmandu' });
      const atMs = Date.parse('2026-11-02T10:15Z');
      const found = finder.of(atMs);
      const next = finder.of(atMs + cellMs);
      expect(finder.of(atMs + cellMs - 1)).toBe(found);
      expect(finder.of(atMs + cellMs)).toBe(next);
    },
  );

  it('tells apart windows that begin inside of a quarter of an hour', () => {
    // Until 1972 Liberia's clocks were 44 minutes and 30 seconds behind.
    const finder = WindowFinder.for({
      kind: 'calendar',
      unit: 'hour',
      time_zone: 'Africa/Monrovia',
    });
    const startOf = (time: string) =>
      new Date(finder.of(Date.parse(`1971-06-01T${time}Z`)).startMs).toISOString().slice(11, 19);
    const times = ['10:44:29', '10:44:30', '10:44:29', '10:44:31', '10:40:00', '10:59:59'];
    expect(times.map(startOf)).toEqual([
      '09:44:30',
      '10:44:30',
      '09:44:30',
      '10:44:30',
      '09:44:30',
      '10:44:30',
    ]);
  });
});
