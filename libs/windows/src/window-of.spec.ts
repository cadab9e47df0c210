import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BudgetWindow } from '#contracts';
import { windowOf } from './window-of.js';

const calendar = (unit: string, time_zone: string, start_day?: number) =>
  ({ kind: 'calendar', unit, time_zone, start_day }) as BudgetWindow;

describe('windowOf', () => {
  it.each([
    [
      'the day of 23 hours',
      'day',
      'America/New_York',
      1,
      '2026-03-08T12:00:00Z',
      '2026-03-08T05:00:00Z',
      '2026-03-09T04:00:00Z',
    ],
    [
      'the day of 25 hours',
      'day',
      'America/New_York',
      1,
      '2026-11-01T12:00:00Z',
      '2026-11-01T04:00:00Z',
      '2026-11-02T05:00:00Z',
    ],
    [
      'the hour that comes again',
      'hour',
      'America/New_York',
      1,
      '2026-11-01T06:30:00Z',
      '2026-11-01T06:00:00Z',
      '2026-11-01T07:00:00Z',
    ],
    [
      'an hour at +05:45',
      'hour',
      'Asia/Kathmandu',
      1,
      '2026-11-02T10:20:00Z',
      '2026-11-02T10:15:00Z',
      '2026-11-02T11:15:00Z',
    ],
    [
      'a month at +14',
      'month',
      'Pacific/Kiritimati',
      1,
      '2026-11-30T11:00:00Z',
      '2026-11-30T10:00:00Z',
      '2026-12-31T10:00:00Z',
    ],
    [
      'a month at -11',
      'month',
      'Pacific/Niue',
      1,
      '2026-12-01T10:59:59Z',
      '2026-11-01T11:00:00Z',
      '2026-12-01T11:00:00Z',
    ],
    [
      'February with its leap day',
      'month',
      'UTC',
      1,
      '2028-02-29T23:59:59Z',
      '2028-02-01T00:00:00Z',
      '2028-03-01T00:00:00Z',
    ],
    [
      'a month from the 28th',
      'month',
      'UTC',
      28,
      '2027-03-27T00:00:00Z',
      '2027-02-28T00:00:00Z',
      '2027-03-28T00:00:00Z',
    ],
    [
      'a week from Sunday',
      'week',
      'UTC',
      7,
      '2026-11-21T00:00:00Z',
      '2026-11-15T00:00:00Z',
      '2026-11-22T00:00:00Z',
    ],
    [
      'a quarter',
      'quarter',
      'UTC',
      1,
      '2026-11-21T00:00:00Z',
      '2026-10-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
    ],
    [
      'a year',
      'year',
      'Asia/Kathmandu',
      1,
      '2026-12-31T18:15:00Z',
      '2026-12-31T18:15:00Z',
      '2027-12-31T18:15:00Z',
    ],
    [
      'the hour before the one that does not exist',
      'hour',
      'America/New_York',
      1,
      '2026-03-08T06:59:59Z',
      '2026-03-08T06:00:00Z',
      '2026-03-08T07:00:00Z',
    ],
    [
      'a day without midnight',
      'day',
      'Africa/Cairo',
      1,
      '2026-04-24T03:00:00Z',
      '2026-04-23T22:00:00Z',
      '2026-04-24T21:00:00Z',
    ],
    [
      'the half hour that a clock goes back',
      'hour',
      'Australia/Lord_Howe',
      1,
      '2026-04-04T14:45:00Z',
      '2026-04-04T14:00:00Z',
      '2026-04-04T15:00:00Z',
    ],
    [
      'a month that has the end of summer time',
      'month',
      'Europe/Berlin',
      1,
      '2026-10-31T22:59:59Z',
      '2026-09-30T22:00:00Z',
      '2026-10-31T23:00:00Z',
    ],
    [
      'the end of a month of 31 days',
      'month',
      'UTC',
      1,
      '2027-01-31T23:59:59.999Z',
      '2027-01-01T00:00:00Z',
      '2027-02-01T00:00:00Z',
    ],
    [
      'the leap day itself',
      'day',
      'Pacific/Kiritimati',
      1,
      '2028-02-28T10:00:00Z',
      '2028-02-28T10:00:00Z',
      '2028-02-29T10:00:00Z',
    ],
    [
      'a leap year from the 2nd',
      'year',
      'Pacific/Niue',
      2,
      '2029-01-02T10:59:59Z',
      '2028-01-02T11:00:00Z',
      '2029-01-02T11:00:00Z',
    ],
    [
      'a week over the end of a year',
      'week',
      'UTC',
      1,
      '2027-01-03T23:59:59Z',
      '2026-12-28T00:00:00Z',
      '2027-01-04T00:00:00Z',
    ],
    [
      'a quarter from the 28th',
      'quarter',
      'UTC',
      28,
      '2027-01-27T23:59:59Z',
      '2026-10-28T00:00:00Z',
      '2027-01-28T00:00:00Z',
    ],
    [
      'a minute',
      'minute',
      'Asia/Kathmandu',
      1,
      '2026-11-02T10:20:59.999Z',
      '2026-11-02T10:20:00Z',
      '2026-11-02T10:21:00Z',
    ],
  ])('finds %s', (_, unit, zone, startDay, time, start, end) => {
    const { startMs, endMs } = windowOf(calendar(unit, zone, startDay), Date.parse(time));
    expect([startMs, endMs]).toEqual([Date.parse(start), Date.parse(end)]);
  });

  it('has no end for a lifetime', () => {
    expect(windowOf({ kind: 'lifetime' }, 5)).toEqual({ startMs: 0, endMs: Infinity });
  });

  it('cuts a rolling hour into minutes', () => {
    expect(windowOf({ kind: 'rolling', seconds: 3600 }, 125_000)).toEqual({
      startMs: 120_000,
      endMs: 180_000,
    });
  });

  it('rounds the buckets of a span that no sixty of them fill down: 7 s into 116 ms each', () => {
    expect(windowOf({ kind: 'rolling', seconds: 7 }, 1_000)).toEqual({
      startMs: 928,
      endMs: 1_044,
    });
  });

  it('tiles time without gap or overlap, around every change of a clock and anywhere else', () => {
    const anywhere = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2035, 0) });
    const change = fc
      .tuple(
        fc.constantFrom(
          '2026-04-04T14:00Z',
          '2026-04-04T15:00Z',
          '2026-09-26T14:00Z',
          '2026-10-03T15:30Z',
        ),
        fc.integer({ min: -7_200_000, max: 7_200_000 }),
      )
      .map(([time, offsetMs]) => Date.parse(time) + offsetMs);
    const window = fc.record({
      unit: fc.constantFrom('minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'),
      zone: fc.constantFrom(
        'America/New_York',
        'Asia/Kathmandu',
        'Pacific/Kiritimati',
        'Pacific/Niue',
        'Australia/Lord_Howe',
        'Pacific/Apia',
        'Pacific/Chatham',
        'UTC',
      ),
      startDay: fc.integer({ min: 1, max: 7 }),
      timeMs: fc.oneof(anywhere, change),
    });
    fc.assert(
      fc.property(window, ({ unit, zone, startDay, timeMs }) => {
        const spec = calendar(unit, zone, startDay);
        const { startMs, endMs } = windowOf(spec, timeMs);
        expect(startMs <= timeMs && timeMs < endMs).toBe(true);
        expect(windowOf(spec, startMs)).toEqual({ startMs, endMs });
        expect(windowOf(spec, endMs - 1)).toEqual({ startMs, endMs });
        expect(windowOf(spec, endMs).startMs).toBe(endMs);
        expect(windowOf(spec, startMs - 1).endMs).toBe(startMs);
      }),
      { numRuns: 2_000 },
    );
  });
});
