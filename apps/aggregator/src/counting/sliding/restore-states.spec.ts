import { describe, expect, it } from '@jest/globals';
import { someBudget } from '#samples';
import { compileBudget, slidingBoundsOf, type SlidingWatch } from '#watches';
import { stateBehind } from './restore-states.js';

const budget = someBudget({
  on: 'requests',
  window: { kind: 'rolling', seconds: 60 },
  thresholds: ['50%', '80%'],
  change: 7n,
  arming: 2,
});
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
  it('has reached what was told of up to that alert, or is held behind a recovery', () => {
    const state = { key: '{}', since: alert.raisedAt, limitsArming: 2 };
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

  it('has not reached what the same usage crossed and nobody was told of yet', () => {
    const first = { ...alert, type: 'budget.threshold_reached', threshold: '50%', value: '110' };
    expect(stateBehind(first, compiled, bounds)).toMatchObject({ reached: ['50%'], arming: 4 });
  });

  it('has the limit among what lies below a threshold above it', () => {
    const above = compileBudget({ ...budget, thresholds: ['150%', '50%'] }) as SlidingWatch;
    const last = { ...alert, type: 'budget.threshold_reached', threshold: '150%', value: '160' };
    expect(stateBehind(last, above, slidingBoundsOf(above, 0))).toMatchObject({
      reached: ['50%', '100%', '150%'],
    });
  });

  it('under another limit belongs to no limits that are in force', () => {
    const state = stateBehind({ ...alert, limit: '90', value: '95' }, compiled, bounds);
    expect(state).toMatchObject({ reached: ['50%', '80%', '100%'], limitsArming: 0 });
  });
});
