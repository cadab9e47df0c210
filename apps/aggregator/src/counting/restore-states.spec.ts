import { describe, expect, it } from '@jest/globals';
import type { Budget } from '#contracts';
import { compileBudget, slidingBoundsOf, type SlidingWatch } from '#watches';
import { stateBehind } from './restore-states.js';

const budget: Budget = {
  id: 'b1',
  project: 'p1',
  name: 'a budget',
  on: 'requests',
  scope: {},
  per: [],
  limit: '100',
  window: { kind: 'rolling', seconds: 60 },
  thresholds: ['50%', '80%'],
  hard: false,
  projected: false,
  suspended: false,
  raise: null,
  renotify_seconds: null,
  change: 7n,
  arming: 2,
  created_at: '2026-11-01T00:00:00.000Z',
  deleted_at: null,
};
const compiled = compileBudget(budget) as SlidingWatch;
const bounds = slidingBoundsOf(compiled, 0);
const alert = {
  project: 'p1',
  watch: 'b1',
  counter: '{}',
  type: 'budget.breached',
  threshold: '100%',
  arming: 4,
  sequence: 9n,
  raisedAt: '2026-11-02T00:00:00.000Z',
  limit: '100',
  value: '110',
};

describe('the state behind the last alert of a counter', () => {
  it('has reached what the value of that alert had reached', () => {
    // The budget's arming number is 2 and no raise is on: 2 * 3.
    const state = { key: '{}', since: alert.raisedAt, limitsArming: 6 };
    expect(stateBehind(alert, compiled, bounds)).toEqual({
      ...state,
      reached: ['50%', '80%', '100%'],
      arming: 4,
    });
    const recovery = { ...alert, type: 'budget.recovered', value: '79' };
    expect(stateBehind(recovery, compiled, bounds)).toEqual({
      ...state,
      reached: ['50%'],
      arming: 5,
    });
  });

  it('under another limit belongs to no limits that are in force', () => {
    const state = stateBehind({ ...alert, limit: '90', value: '95' }, compiled, bounds);
    expect(state).toMatchObject({ reached: ['50%', '80%', '100%'], limitsArming: 0 });
  });
});
