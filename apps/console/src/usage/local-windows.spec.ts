import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { windowOf } from '#windows';
import { localWindows, type WindowSize } from './local-windows.js';

const HOUR = 3_600_000;

function cut(from: string, to: string, size: WindowSize, timeZone: string): string[] {
  const windows = [...localWindows({ from: Date.parse(from), to: Date.parse(to) }, size, timeZone)];
  return windows.map((window) => `${iso(window.from)} ${iso(window.to)}`);
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString().replace(':00.000Z', 'Z');

describe('local windows', () => {
  it('give New York days of 23 and 25 hours when the clock changes', () => {
    expect(cut('2026-03-07T05:00:00Z', '2026-03-10T04:00:00Z', 'day', 'America/New_York')).toEqual([
      '2026-03-07T05:00Z 2026-03-08T05:00Z',
      '2026-03-08T05:00Z 2026-03-09T04:00Z',
      '2026-03-09T04:00Z 2026-03-10T04:00Z',
    ]);
    expect(cut('2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', 'day', 'America/New_York')).toEqual([
      '2026-11-01T04:00Z 2026-11-02T05:00Z',
    ]);
  });

  it('give the repeated hour of New York twice', () => {
    expect(cut('2026-11-01T05:00:00Z', '2026-11-01T08:00:00Z', 'hour', 'America/New_York')).toEqual(
      [
        '2026-11-01T05:00Z 2026-11-01T06:00Z',
        '2026-11-01T06:00Z 2026-11-01T07:00Z',
        '2026-11-01T07:00Z 2026-11-01T08:00Z',
      ],
    );
  });

  it('begin at a quarter to the hour in Kathmandu', () => {
    expect(
      cut('2026-05-01T18:15:00Z', '2026-05-02T18:15:00Z', 'day', 'Asia/Kathmandu'),
    ).toHaveLength(1);
    expect(cut('2026-05-01T18:00:00Z', '2026-05-01T20:15:00Z', 'hour', 'Asia/Kathmandu')).toEqual([
      '2026-05-01T18:00Z 2026-05-01T18:15Z',
      '2026-05-01T18:15Z 2026-05-01T19:15Z',
      '2026-05-01T19:15Z 2026-05-01T20:15Z',
    ]);
  });

  it('turn the day at 10:00 UTC on Kiritimati and at 11:00 UTC on Niue', () => {
    expect(
      cut('2026-12-31T00:00:00Z', '2027-01-01T00:00:00Z', 'day', 'Pacific/Kiritimati'),
    ).toEqual(['2026-12-31T00:00Z 2026-12-31T10:00Z', '2026-12-31T10:00Z 2027-01-01T00:00Z']);
    expect(cut('2026-12-31T00:00:00Z', '2027-01-01T00:00:00Z', 'day', 'Pacific/Niue')).toEqual([
      '2026-12-31T00:00Z 2026-12-31T11:00Z',
      '2026-12-31T11:00Z 2027-01-01T00:00Z',
    ]);
  });

  it('follow month ends and the leap day', () => {
    expect(cut('2028-01-31T00:00:00Z', '2028-04-01T00:00:00Z', 'month', 'UTC')).toEqual([
      '2028-01-31T00:00Z 2028-02-01T00:00Z',
      '2028-02-01T00:00Z 2028-03-01T00:00Z',
      '2028-03-01T00:00Z 2028-04-01T00:00Z',
    ]);
    expect(cut('2028-02-28T00:00:00Z', '2028-03-02T00:00:00Z', 'day', 'UTC')).toEqual([
      '2028-02-28T00:00Z 2028-02-29T00:00Z',
      '2028-02-29T00:00Z 2028-03-01T00:00Z',
      '2028-03-01T00:00Z 2028-03-02T00:00Z',
    ]);
  });

  it('keep months that begin on the other side of a clock change', () => {
    expect(
      cut('2026-03-01T05:00:00Z', '2026-05-01T04:00:00Z', 'month', 'America/New_York'),
    ).toEqual(['2026-03-01T05:00Z 2026-04-01T04:00Z', '2026-04-01T04:00Z 2026-05-01T04:00Z']);
  });

  it('leave out the day that Samoa skipped', () => {
    expect(cut('2011-12-29T10:00:00Z', '2011-12-31T10:00:00Z', 'day', 'Pacific/Apia')).toEqual([
      '2011-12-29T10:00Z 2011-12-30T10:00Z',
      '2011-12-30T10:00Z 2011-12-31T10:00Z',
    ]);
  });

  it('end an hour of Lord Howe where its clock moves by half an hour', () => {
    expect(
      cut('2026-04-04T14:00:00Z', '2026-04-04T16:30:00Z', 'hour', 'Australia/Lord_Howe'),
    ).toEqual([
      '2026-04-04T14:00Z 2026-04-04T15:00Z',
      '2026-04-04T15:00Z 2026-04-04T15:30Z',
      '2026-04-04T15:30Z 2026-04-04T16:30Z',
    ]);
    expect(
      cut('2026-10-03T14:30:00Z', '2026-10-03T17:00:00Z', 'hour', 'Australia/Lord_Howe'),
    ).toEqual([
      '2026-10-03T14:30Z 2026-10-03T15:30Z',
      '2026-10-03T15:30Z 2026-10-03T16:00Z',
      '2026-10-03T16:00Z 2026-10-03T17:00Z',
    ]);
  });

  it('end an hour of Chatham at a quarter to three, where its clock moves by an hour', () => {
    // 03:00 to 03:45, 02:45 to 03:00, then 03:00 again.
    expect(cut('2026-04-04T13:15:00Z', '2026-04-04T15:15:00Z', 'hour', 'Pacific/Chatham')).toEqual([
      '2026-04-04T13:15Z 2026-04-04T14:00Z',
      '2026-04-04T14:00Z 2026-04-04T14:15Z',
      '2026-04-04T14:15Z 2026-04-04T15:15Z',
    ]);
    // 02:00 to 02:45, 03:45 to 04:00, then 04:00.
    expect(cut('2026-09-26T13:15:00Z', '2026-09-26T15:15:00Z', 'hour', 'Pacific/Chatham')).toEqual([
      '2026-09-26T13:15Z 2026-09-26T14:00Z',
      '2026-09-26T14:00Z 2026-09-26T14:15Z',
      '2026-09-26T14:15Z 2026-09-26T15:15Z',
    ]);
  });

  it('are the windows of a budget, also when they begin within the hour of a change', () => {
    const changes = [
      '2026-04-04T14:00Z',
      '2026-04-04T15:00Z',
      '2026-09-26T14:00Z',
      '2026-10-03T15:30Z',
    ];
    const beginnings = fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * HOUR, max: 3 * HOUR }))
      .map(([change, offsetMs]) => Date.parse(change) + offsetMs);
    const zones = fc.constantFrom('Australia/Lord_Howe', 'Pacific/Chatham', 'America/St_Johns');
    fc.assert(
      fc.property(beginnings, zones, (from, zone) => {
        const to = from + 6 * HOUR;
        const hour = { kind: 'calendar', unit: 'hour', time_zone: zone } as const;
        for (const window of localWindows({ from, to }, 'hour', zone)) {
          const { startMs, endMs } = windowOf(hour, window.from);
          expect(window).toEqual({ from: Math.max(startMs, from), to: Math.min(endMs, to) });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are one window for the total, clipped to the millisecond', () => {
    expect([...localWindows({ from: 5, to: 7 }, 'total', 'Asia/Kathmandu')]).toEqual([
      { from: 5, to: 7 },
    ]);
  });

  it('cover any range without gap or overlap, and begin where the local clock turns', () => {
    const zones = [
      'UTC',
      'America/New_York',
      'Asia/Kathmandu',
      'Pacific/Kiritimati',
      'Pacific/Niue',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'America/St_Johns',
      'Pacific/Chatham',
    ];
    const moment = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2028, 0) });
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 1, max: 60 * 24 * HOUR }),
        fc.constantFrom('month', 'day', 'hour'),
        fc.constantFrom(...zones),
        (from, length, size, zone) => {
          const to = from + length;
          const windows = [...localWindows({ from, to }, size, zone)];
          expect(windows[0]?.from).toBe(from);
          expect(windows.at(-1)?.to).toBe(to);
          for (const [index, window] of windows.entries()) {
            expect(window.from).toBeLessThan(window.to);
            if (index === 0) continue;
            expect(window.from).toBe(windows[index - 1]?.to);
            // The label of a local moment, from Intl alone, changes exactly at the edge.
            expect(label(window.from, size, zone)).not.toBe(label(window.from - 1, size, zone));
            expect(label(window.to - 1, size, zone)).toBe(label(window.from, size, zone));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

const formats = new Map<string, Intl.DateTimeFormat>();

/** A repeated hour has the same figures twice; its offset tells the two apart. */
function label(epochMs: number, size: 'month' | 'day' | 'hour', timeZone: string): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      timeZoneName: 'longOffset',
    });
  formats.set(timeZone, format);
  const parts = Object.fromEntries(
    format.formatToParts(epochMs).map(({ type, value }) => [type, value]),
  );
  if (size === 'month') return `${parts.year}-${parts.month}`;
  const day = `${parts.year}-${parts.month}-${parts.day}`;
  return size === 'day' ? day : `${day} ${parts.hour} ${parts.timeZoneName}`;
}
