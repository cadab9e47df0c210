import { describe, expect, it } from '@jest/globals';
import { decodePendingAlert } from '#redis';
import { alertOfPending } from './alert-of-pending.js';
import type { WatchContext } from './watch-context.js';

const RATE: WatchContext = {
  kind: 'rate',
  project: 'p1',
  watch: 'rat_1',
  name: 'spend',
  on: 'cost',
  scope_customer: null,
  over_seconds: 60,
  limit: null,
};
const BUDGET: WatchContext = {
  kind: 'budget',
  project: 'p1',
  watch: 'bud_1',
  name: 'a month',
  on: 'cost',
  scope_customer: 'acme',
  limit: '100',
  arming: 6,
  window_start: '2026-11-01T00:00:00.000Z',
  window_end: '2026-12-01T00:00:00.000Z',
};

const alertOf = (watch: WatchContext, change: object) =>
  alertOfPending(
    decodePendingAlert(
      JSON.stringify({
        kind: 'crossed',
        threshold: '100%',
        counter: {},
        hi: '100',
        lo: '500000000000',
        event_time: '2026-11-14T09:00:00.000Z',
        raised_at: '2026-11-14T09:00:01.000Z',
        ...change,
        watch,
      }),
    ),
  );

describe('the alert of a pending entry', () => {
  it('is raised when it was counted, and says what the counter holds', () => {
    // 100 whole limbs of 10^12 pico-dollars, and half of one.
    expect(alertOf(BUDGET, {})).toMatchObject({
      type: 'budget.breached',
      raised_at: '2026-11-14T09:00:01.000Z',
      raised_by: { threshold: '100%', arming: 6 },
      data: { value: '100.5', customer: 'acme', event_time: '2026-11-14T09:00:00.000Z' },
    });
  });

  it('of a threshold below the limit is no breach, and has an id of its own', () => {
    const reached = alertOf(BUDGET, { threshold: '80%' });
    expect(reached).toMatchObject({
      type: 'budget.threshold_reached',
      raised_by: { threshold: '80%' },
      data: { threshold: '80%', value: '100.5' },
    });
    expect(reached.id).not.toBe(alertOf(BUDGET, {}).id);
  });

  it('of a recovery bears the number of the breach that it ends', () => {
    const recovery = alertOf(BUDGET, { kind: 'recovered', arming: 3, cause: 'limit' });
    expect(recovery).toMatchObject({
      type: 'budget.recovered',
      raised_by: { arming: 3 },
      data: { cause: 'limit' },
    });
    expect(recovery.id).not.toBe(alertOf(BUDGET, { kind: 'recovered', arming: 6 }).id);
  });

  it('keeps its id whatever the value and the time of the raise', () => {
    const again = { hi: '200', raised_at: '2026-11-15T00:00:00.000Z' };
    expect(alertOf(BUDGET, again).id).toBe(alertOf(BUDGET, {}).id);
  });

  it('of a rate says the bound that earlier days gave, as an amount or as a level', () => {
    const crossed = { threshold: 'bound', arming: 2 };
    expect(alertOf(RATE, { ...crossed, bound: '3:250000000000' })).toMatchObject({
      type: 'rate.exceeded',
      raised_by: { window_start: null, arming: 2 },
      data: { limit: '3.25', value: '100.5', over_seconds: 60 },
    });
    const share = { ...crossed, measured: '0.050000', bound: '0.025000' };
    expect(alertOf({ ...RATE, on: 'errors' }, share).data).toMatchObject({
      limit: '0.025',
      value: '0.05',
    });
  });
});
