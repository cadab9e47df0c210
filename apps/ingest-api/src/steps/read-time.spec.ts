import { describe, expect, it } from '@jest/globals';
import { readTime, refuseTime } from './read-time.js';

const iso = (text: string): string | null => {
  const timeMs = readTime(text);
  return timeMs === null ? null : new Date(timeMs).toISOString();
};

describe('a time', () => {
  it.each([
    ['2026-11-20T01:02:03Z', '2026-11-20T01:02:03.000Z'],
    ['2026-11-20T01:02:03', '2026-11-20T01:02:03.000Z'],
    ['2026-11-20 01:02:03.5', '2026-11-20T01:02:03.500Z'],
    ['2026-11-20T01:02:03.123456789123Z', '2026-11-20T01:02:03.123Z'],
    ['2026-11-20T01:02:03+05:45', '2026-11-19T19:17:03.000Z'],
    ['2026-11-20T01:02:03.9-03:30', '2026-11-20T04:32:03.900Z'],
    ['2024-02-29t00:00:00z', '2024-02-29T00:00:00.000Z'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31T23:59:59.999Z'],
    ['2026-11-20T01:02:03+23:59', '2026-11-19T01:03:03.000Z'],
    ['2026-11-20T01:02:03-00:30', '2026-11-20T01:32:03.000Z'],
  ])('%s is %s', (text, expected) => expect(iso(text)).toBe(expected));

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+00:60',
    '2026-01-01T00:00:00+1:00',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00Zulu',
    '2026-01-01T00:00:00 Z',
    'at 2026-01-01T00:00:00Z',
    '+002026-01-01T00:00:00Z',
    '2026-1-01T00:00:00Z',
    '2026-01-1T00:00:00Z',
    '2026-01-01T0:00:00Z',
    '2026-01-01T00:0:00Z',
    '2026-01-01T00:00:0Z',
    '2026-01-01x00:00:00Z',
    '2026-01-01',
    'yesterday',
  ])('%s is none', (text) => expect(readTime(text)).toBeNull());

  it('may be 35 days old and 24 h ahead, to the millisecond', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(refuseTime(Date.parse('2026-10-17T12:00:00Z'), now)).toBeNull();
    expect(refuseTime(Date.parse('2026-10-17T11:59:59.999Z'), now)).toBe('too_old');
    expect(refuseTime(Date.parse('2026-11-22T12:00:00Z'), now)).toBeNull();
    expect(refuseTime(Date.parse('2026-11-22T12:00:00.001Z'), now)).toBe('too_new');
  });
});
