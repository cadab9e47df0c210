import type { BudgetWindow } from '#contracts';
import type { NewBudget } from '#postgres';
import type { Budget } from '#watches';

export const BUDGETS = 1_000;
export const CUSTOMERS = 500;
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'gemini-2.5-flash'];
const SHARED: [Budget['on'], BudgetWindow][] = [
  ['cost', { kind: 'calendar', unit: 'month', time_zone: 'UTC' }],
  ['cost', { kind: 'calendar', unit: 'day', time_zone: 'America/New_York' }],
  ['tokens', { kind: 'calendar', unit: 'day', time_zone: 'UTC' }],
  ['requests', { kind: 'calendar', unit: 'hour', time_zone: 'UTC' }],
  ['cost', { kind: 'lifetime' }],
];

/**
 * What a project with a thousand budgets may look like: five over everything, five with a counter for each customer, five on
 * each of four models, and the rest on one customer each, two for most. An event meets 17 of them.
 */
export function thousandBudgets(project: string): NewBudget[] {
  const shared = [
    ...SHARED.map(([on, window]) => ({ on, window, scope: {} })),
    ...SHARED.map(([on, window]) => ({ on, window, scope: {}, per: ['customer' as const] })),
    ...MODELS.flatMap((model) => SHARED.map(([on, window]) => ({ on, window, scope: { model } }))),
  ];
  const ofCustomers = Array.from({ length: BUDGETS - shared.length }, (_, n) => {
    const [on, window] = SHARED[Math.floor(n / CUSTOMERS)]!;
    return { on, window, scope: { customer: `customer-${n % CUSTOMERS}` } };
  });
  return [...shared, ...ofCustomers].map((budget, n) => ({
    id: `bud_bench_${n}`,
    project,
    name: `budget ${n}`,
    per: [],
    // Far above what a run counts: that alerts are raised is not what is measured.
    limit: '1000000000000',
    thresholds: ['50%', '80%'],
    hard: false,
    projected: false,
    suspended: false,
    raise: null,
    renotify_seconds: null,
    ...budget,
  }));
}
