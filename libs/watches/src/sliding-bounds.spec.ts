import { describe, expect, it } from '@jest/globals';
import type { Budget } from './budget.js';
import { compileBudget, compileRate, type SlidingWatch } from './compile-watch.js';
import type { Rate } from './rate.js';
import { slidingBoundsOf } from './sliding-bounds.js';

const UNTIL = '2026-11-10T00:00:00.000Z';
const UNTIL_MS = Date.parse(UNTIL);
const budget = (over: Partial<Budget>) =>
  compileBudget({
    id: 'b1',
    on: 'cost',
    scope: {},
    per: [],
    limit: '2',
    window: { kind: 'rolling', seconds: 3_600 },
    thresholds: ['50%'],
    suspended: false,
    raise: null,
    change: 7n,
    arming: 4,
    armed_at: '2026-11-01T00:00:00.000Z',
    ...over,
  } as unknown as Budget) as SlidingWatch;
const rate = (over: Partial<Rate>) =>
  compileRate({
    id: 'r1',
    on: 'cost',
    scope: {},
    per: [],
    over_seconds: 60,
    limit: '5',
    change_percent: null,
    events_min: 20,
    change: 7n,
    ...over,
  } as unknown as Rate);

describe('what a rolling budget is held against', () => {
  it('is its thresholds in pico-dollars, whatever few events there are', () => {
    expect(slidingBoundsOf(budget({}), 0)).toEqual({
      version: 21,
      limitsArming: 4,
      limitText: '2',
      measured: {
        by: 'amount',
        thresholds: [
          { name: '50%', amount: 1_000_000_000_000n },
          { name: '100%', amount: 2_000_000_000_000n },
        ],
      },
      eventsMin: 0,
    });
  });

  it('is newer with a raise, newer again behind it, and older than with the next change of the budget', () => {
    const raised = { raise: { limit: '3', until: UNTIL } };
    const versionOf = (over: Partial<Budget>, atMs: number) =>
      slidingBoundsOf(budget(over), atMs)!.version;
    const versions = [
      versionOf({}, UNTIL_MS),
      versionOf(raised, UNTIL_MS - 1),
      versionOf(raised, UNTIL_MS),
      versionOf({ change: 8n }, UNTIL_MS),
    ];
    expect(versions).toEqual([21, 22, 23, 24]);
  });

  it('is nothing while it is suspended', () => {
    expect(slidingBoundsOf(budget({ suspended: true }), 0)).toBeNull();
  });
});

describe('what a rate is held against', () => {
  it('is its one bound, where there are events enough', () => {
    expect(slidingBoundsOf(rate({}), 0)).toEqual({
      version: 21,
      limitsArming: 0,
      limitText: '5',
      measured: { by: 'amount', thresholds: [{ name: 'bound', amount: 5_000_000_000_000n }] },
      eventsMin: 20,
    });
  });

  it('is a share or a latency as it was written', () => {
    expect(slidingBoundsOf(rate({ on: 'errors', limit: '0.05' }), 0)!.measured).toEqual({
      by: 'share',
      bound: 0.05,
    });
    expect(slidingBoundsOf(rate({ on: 'latency_p95', limit: '1500' }), 0)!.measured).toEqual({
      by: 'latency',
      percentile: 0.95,
      bound: 1_500,
    });
  });

  it('is not known yet where earlier days have it', () => {
    const byDays = { limit: null, change_percent: 50 };
    expect(slidingBoundsOf(rate(byDays), 0)).toMatchObject({
      limitText: null,
      measured: { by: 'amount', thresholds: [] },
    });
    expect(slidingBoundsOf(rate({ on: 'errors', ...byDays }), 0)!.measured).toEqual({
      by: 'share',
      bound: null,
    });
  });
});
