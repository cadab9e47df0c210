import { describe, expect, it } from '@jest/globals';
import type { Budget } from './budget.js';
import { limitsOf, readRevision, thresholdAmount } from './budget-limits.js';
import { compileBudget } from './compile-watch.js';

describe('the amount of a threshold', () => {
  it.each([
    ['80%', '100', '80'],
    ['33.3333%', '0.01', '0.00333333'],
    ['1000%', '12.5', '125'],
    ['0.0001%', '0.000000000001', '0.000000000000000001'],
    ['7.25', '100', '7.25'],
  ])('%s of %s is %s', (threshold, limit, amount) => {
    expect(thresholdAmount(threshold, limit)).toBe(amount);
  });

  it('is refused for a share of what is no decimal', () => {
    expect(() => thresholdAmount('80%', 'much')).toThrow('not 80% of an amount: much');
    expect(() => thresholdAmount('half%', '100')).toThrow('not half% of an amount: 100');
  });
});

describe('the limits in force', () => {
  const UNTIL = '2026-11-10T00:00:00.000Z';
  const UNTIL_MS = Date.parse(UNTIL);
  const compiled = (over: Partial<Budget> = {}) =>
    compileBudget({
      id: 'b1',
      on: 'events',
      scope: {},
      per: [],
      limit: '100',
      window: { kind: 'lifetime' },
      thresholds: ['80%'],
      suspended: false,
      raise: null,
      arming: 7,
      armed_at: '2026-11-01T00:00:00.000Z',
      ...over,
    } as unknown as Budget);
  const raise = { limit: '150', until: UNTIL };

  it('are armed under 7, under 8 while a raise lasts, and under 9 behind it', () => {
    const raised = compiled({ raise });
    const armings = [UNTIL_MS - 1, UNTIL_MS].map((nowMs) => limitsOf(raised, nowMs).arming);
    expect([limitsOf(compiled(), UNTIL_MS).arming, ...armings]).toEqual([7, 8, 9]);
  });

  it('stand since the budget was changed, where that was behind the end of a raise', () => {
    const armed_at = '2026-11-12T00:00:00.000Z';
    const { sinceMs } = limitsOf(compiled({ raise, armed_at }), Date.parse(armed_at));
    expect(sinceMs).toBe(Date.parse(armed_at));
  });

  it('are worked out once as long as they stand', () => {
    const raised = compiled({ raise });
    const before = limitsOf(raised, 0);
    expect(limitsOf(raised, UNTIL_MS - 1)).toBe(before);
    expect(limitsOf(raised, UNTIL_MS).limit).toBe(100n);
  });

  it('have another revision with every change that counters must be held against, and no other', () => {
    const revisionOf = (over: Partial<Budget>) => limitsOf(compiled(over), 0).revision;
    const revisions = [
      {},
      { arming: 10 },
      { limit: '99' },
      { thresholds: ['81%'] },
      { thresholds: ['80'] },
      { thresholds: ['80%', '90%'] },
      { thresholds: [] },
      { suspended: true },
    ].map(revisionOf);
    expect(new Set(revisions).size).toBe(revisions.length);
    expect(revisionOf({ name: 'another name' })).toBe(revisionOf({}));
  });

  it('tell from their revision the arming and the limit that it was made for', () => {
    expect(readRevision(limitsOf(compiled({ limit: '150' }), 0).revision)).toEqual({
      arming: 7,
      limit: 150n,
    });
    expect(readRevision('')).toBeNull();
  });
});
