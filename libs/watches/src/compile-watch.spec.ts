import { describe, expect, it } from '@jest/globals';
import type { Budget } from './budget.js';
import { compileBudget, compileRate } from './compile-watch.js';
import type { Rate } from './rate.js';

const TIMES = { created_at: '2026-11-01T00:00:00.000Z', deleted_at: null };

const budget = (decisive: Pick<Budget, 'id' | 'on' | 'scope' | 'per' | 'window'>) =>
  compileBudget({
    project: 'p1',
    name: 'a budget',
    limit: '100',
    thresholds: [],
    hard: false,
    projected: false,
    suspended: false,
    raise: null,
    renotify_seconds: null,
    change: 1n,
    arming: 1,
    armed_at: TIMES.created_at,
    ...TIMES,
    ...decisive,
  }).definition;

const rate = (decisive: Pick<Rate, 'id' | 'on' | 'scope' | 'per' | 'over_seconds'>) =>
  compileRate({
    project: 'p1',
    name: 'a rate',
    limit: '5',
    change_percent: null,
    events_min: 1,
    change: 1n,
    ...TIMES,
    ...decisive,
  }).definition;

/** Counters in Redis are found by these: under another name all that was counted would be counted anew. */
describe('the definition of a watch', () => {
  it('of a budget is what it has always been', () => {
    expect([
      budget({ id: 'bud_1', on: 'cost', scope: {}, per: [], window: { kind: 'lifetime' } }),
      budget({
        id: 'bud_2',
        on: 'tokens',
        scope: { model: 'gpt-4o', customer: 'acme' },
        per: ['customer', 'property.team'],
        window: { kind: 'calendar', unit: 'month', time_zone: 'UTC' },
      }),
      budget({
        id: 'bud_3',
        on: 'cache_read_tokens',
        scope: { tag: 'x' },
        per: ['tag'],
        window: { kind: 'rolling', seconds: 3_600 },
      }),
      budget({
        id: 'bud_4',
        on: 'requests',
        scope: { 'property.team': 'red' },
        per: ['key'],
        window: { kind: 'calendar', unit: 'week', time_zone: 'Europe/Berlin', start_day: 7 },
      }),
      budget({
        id: 'bud_5',
        on: 'events',
        scope: { type: 'llm.call' },
        per: [],
        window: { kind: 'calendar', unit: 'day', time_zone: 'UTC' },
      }),
    ]).toEqual([
      'bud_1:993050e55915',
      'bud_2:e9fcf18c7c74',
      'bud_3:9b77e4e27427',
      'bud_4:42c378794b9c',
      'bud_5:9b7ab63a1dde',
    ]);
  });

  it('of a rate is what it has always been', () => {
    const provider = { provider: 'openai' };
    const user = { application: 'a', user: 'u' };
    expect([
      rate({ id: 'rat_1', on: 'errors', scope: provider, per: ['model'], over_seconds: 60 }),
      rate({ id: 'rat_2', on: 'latency_p95', scope: {}, per: [], over_seconds: 300 }),
      rate({ id: 'rat_3', on: 'cost', scope: user, per: ['user', 'model'], over_seconds: 10 }),
    ]).toEqual(['rat_1:7cce21087624', 'rat_2:4a65fbdc3b82', 'rat_3:7be21079e3b9']);
  });
});
