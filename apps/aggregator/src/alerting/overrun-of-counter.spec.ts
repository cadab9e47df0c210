import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '#contracts';
import { someBudget } from '#samples';
import { type Budget, compileBudget } from '#watches';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { overrunOf } from './overrun-of-counter.js';

const DOLLAR = 1_000_000_000_000n;
const BUDGET = someBudget({
  id: 'bud_1',
  name: 'Acme, monthly',
  on: 'cost',
  per: ['customer'],
  projected: true,
});
const onTheEleventh = Date.parse('2026-11-11T00:00:00.000Z');
const overrun = (
  dollars: bigint,
  { budget = {}, atMs = onTheEleventh }: { budget?: Partial<Budget>; atMs?: number } = {},
) =>
  overrunOf(
    compileBudget({ ...BUDGET, ...budget }),
    { counter: '{"customer":"acme"}', amount: dollars * DOLLAR },
    atMs,
  );

describe('a projected overrun', () => {
  it('is told with where the pace leads: 40 in 10 of 30 days is 120, and 100 on the 26th', () => {
    const alert = overrun(40n)!;
    expect(alert).toMatchObject({
      project: 'p1',
      type: 'budget.projected_overrun',
      raised_at: '2026-11-11T00:00:00.000Z',
      raised_by: { watch: 'bud_1', counter: '{"customer":"acme"}', threshold: 'projected' },
      data: {
        counter: { customer: 'acme' },
        customer: 'acme',
        limit: '100',
        value: '40',
        projected_value: '120',
        exhausted_at: '2026-11-26T00:00:00.000Z',
        window_start: '2026-11-01T00:00:00.000Z',
        window_end: '2026-12-01T00:00:00.000Z',
      },
    });
    const ajv = new Ajv2020({ allowUnionTypes: true });
    const { schema } = EVENT_TYPES.find(({ type }) => type === alert.type)!;
    expect([ajv.validate(schema, alert.data), ajv.errors]).toEqual([true, null]);
  });

  it('is one alert in a window, and another after the limit was changed', () => {
    const { id } = overrun(40n)!;
    expect(overrun(60n, { atMs: onTheEleventh + 86_400_000 })?.id).toBe(id);
    expect(overrun(40n, { budget: { arming: 2, limit: '90' } })?.id).not.toBe(id);
  });

  it('is none on a pace that holds, at the limit already, and early in the window', () => {
    expect(overrun(33n)).toBeNull();
    expect(overrun(100n)).toBeNull();
    expect(overrun(40n, { atMs: Date.parse('2026-11-03T23:59:59.999Z') })).toBeNull();
  });

  it('goes by a raise while it lasts', () => {
    const raise = { limit: '200', until: '2026-11-20T00:00:00.000Z' };
    expect(overrun(40n, { budget: { raise } })).toBeNull();
    expect(overrun(80n, { budget: { raise } })?.data['limit']).toBe('200');
  });

  it('counts whole units of what is no money', () => {
    const tokens = compileBudget({ ...BUDGET, on: 'tokens', limit: '1000' });
    const alert = overrunOf(tokens, { counter: '{}', amount: 500n }, onTheEleventh);
    expect(alert?.data).toMatchObject({ value: '500', projected_value: '1500', customer: null });
  });
});
