import { describe, expect, it } from '@jest/globals';
import type { Budget } from './budget.js';
import { compileIfSound } from './compile-if-sound.js';
import { compileBudget, compileRate } from './compile-watch.js';
import type { Rate } from './rate.js';

const budget = (change: object): Budget => ({
  id: 'b1',
  project: 'p1',
  name: 'a budget',
  on: 'events',
  scope: {},
  per: [],
  limit: '100',
  window: { kind: 'calendar', unit: 'month', time_zone: 'UTC' },
  thresholds: [],
  hard: false,
  projected: false,
  suspended: false,
  raise: null,
  renotify_seconds: null,
  change: 1n,
  arming: 1,
  armed_at: '2026-11-01T00:00:00.000Z',
  created_at: '2026-11-01T00:00:00.000Z',
  deleted_at: null,
  ...change,
});
const rate = (change: object): Rate => ({
  id: 'r1',
  project: 'p1',
  name: 'a rate',
  on: 'requests',
  scope: {},
  per: [],
  over_seconds: 60,
  limit: '10',
  change_percent: null,
  events_min: 1,
  change: 1n,
  created_at: '2026-11-01T00:00:00.000Z',
  deleted_at: null,
  ...change,
});
const inZone = (time_zone: string) => ({ window: { kind: 'calendar', unit: 'day', time_zone } });

describe('a watch', () => {
  it('that can be computed is compiled as ever', () => {
    const one = compileIfSound(() => compileBudget(budget({})));
    expect(one).toEqual(compileBudget(budget({})));
    expect('refused' in compileIfSound(() => compileRate(rate({})))).toBe(false);
  });

  it.each([
    ['a zone of letters that stand for several', inZone('IST'), '"IST" is no IANA time zone'],
    ['the same in small ones', inZone('pst'), '"pst" is no IANA time zone'],
    ['a measure of another version', { on: 'dreams' }, 'nothing is measured by "dreams"'],
    ['a scope of another version', { scope: { planet: 'x' } }, 'there is no dimension "planet"'],
    ['counters of another version', { per: ['planet'] }, 'there is no dimension "planet"'],
    ['a limit that is no number', { limit: 'a lot' }, 'not a decimal: a lot'],
    ['such a threshold', { thresholds: ['many'] }, 'not a decimal: many'],
    [
      'such a raise, before and behind its end',
      { raise: { limit: 'more', until: '2026-12-01T00:00:00Z' } },
      'not a decimal: more',
    ],
    ['a raise without an end', { raise: { limit: '200', until: 'soon' } }, 'are no times'],
    ['a rolling window without a length', { window: { kind: 'rolling' } }, 'no length'],
    ['a window that is none', { window: null }, ''],
  ])('is refused by itself: %s', (_, change, reason) => {
    const one = compileIfSound(() => compileBudget(budget(change)));
    expect(one).toEqual({ refused: expect.stringContaining(reason) });
  });

  it('is refused as a rate as well', () => {
    const one = compileIfSound(() => compileRate(rate({ limit: 'a lot' })));
    expect(one).toEqual({ refused: 'not a decimal: a lot' });
    const another = compileIfSound(() => compileRate(rate({ over_seconds: null })));
    expect(another).toEqual({ refused: expect.stringContaining('no length') });
  });
});
