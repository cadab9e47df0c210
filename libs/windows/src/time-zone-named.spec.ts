import { describe, expect, it } from '@jest/globals';
import { timeZoneNamed } from './time-zone-named.js';
import { windowOf } from './window-of.js';

const UNITS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

describe('a time zone', () => {
  it('is every one that Intl lists, under its own name, and windows can be computed in it', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      expect(timeZoneNamed(zone)).toBe(zone);
      expect(
        windowOf({ kind: 'calendar', unit: 'hour', time_zone: zone }, 0).endMs,
      ).toBeGreaterThan(0);
    }
  });

  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    ['utc', 'UTC'],
    ['GMT', 'GMT'],
    ['EST', 'EST'],
    ['PST8PDT', 'PST8PDT'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
    ['+05:30', '+05:30'],
    ['+0530', '+05:30'],
    ['+05', '+05:00'],
    ['-00:00', '+00:00'],
  ])('is found by %s', (name, zone) => {
    expect(timeZoneNamed(name)).toBe(zone);
  });

  it.each([
    ['IST'],
    ['ist'],
    ['PST'],
    ['CST'],
    ['JST'],
    ['Mars/Olympus'],
    [''],
    ['Z'],
    ['GMT+5'],
    ['2026-01-01T00:00Z'],
    ['2026-01-01T00:00+05:30'],
    ['2026-01-01T00:00[Europe/Berlin]'],
    ['+002026-01-01T00:00Z'],
    ['A'.repeat(1_000_000)],
  ])('is not %.40s', (name) => {
    expect(timeZoneNamed(name)).toBeNull();
  });

  it('is never one in which a window throws: of all three letters that end in T', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
    const names = letters.flatMap((a) => letters.map((b) => `${a}${b}T`));
    const taken = names.filter((name) => {
      try {
        return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
      } catch {
        return false;
      }
    });
    const refused = taken.filter((name) => timeZoneNamed(name) === null);
    expect(refused).toEqual(
      expect.arrayContaining(['AST', 'BST', 'CST', 'ECT', 'IST', 'PST', 'SST']),
    );
    for (const time_zone of taken) {
      for (const unit of UNITS) {
        const compute = () => windowOf({ kind: 'calendar', unit, time_zone }, 0);
        if (refused.includes(time_zone)) expect(compute).toThrow(RangeError);
        else expect(compute).not.toThrow();
      }
    }
  });
});
