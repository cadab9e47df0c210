import type { Budget } from '#watches';

/** A budget of a hundred events a month that nobody has changed, with defaults in place of what a test does not care about. */
export function someBudget(overrides: Partial<Budget> = {}): Budget {
  return {
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
    ...overrides,
  };
}
