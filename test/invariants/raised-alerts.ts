import { createHash } from 'node:crypto';
import type { Postgres } from '#postgres';
import { type BudgetWish, type ExpectedAlert, unitsOf } from './budget-oracle.js';

/** A budget as the platform has it, and what must come of it. */
export interface WatchedBudget {
  id: string;
  budget: BudgetWish;
  alerts: ExpectedAlert[];
}

/** A row of the outbox. */
export interface RaisedAlert {
  id: string;
  project: string;
  type: string;
  watch: string;
  counter: string;
  windowStartMs: number | null;
  threshold: string;
  arming: number;
  value: string;
}

/** What becomes of a breach when its window ends is another matter. */
export const CROSSINGS: readonly string[] = ['budget.threshold_reached', 'budget.breached'];

export async function readRaisedAlerts(postgres: Postgres): Promise<RaisedAlert[]> {
  const rows = await postgres
    .selectFrom('alerts')
    .selectAll()
    .where('type', 'in', CROSSINGS)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    project: row.project,
    type: row.type,
    watch: row.watch!,
    counter: row.counter!,
    windowStartMs: row.window_start && row.window_start.getTime(),
    threshold: row.threshold!,
    arming: row.arming!,
    value: String((row.data as { value: unknown }).value),
  }));
}

/**
 * Everything in which the outbox differs from what must have been raised, one line each: every threshold that a counter
 * reached once, nothing else, each with an amount that the counter had behind its crossing, under the id that the contract names.
 */
export function compareAlerts(
  budgets: readonly WatchedBudget[],
  raised: readonly RaisedAlert[],
): string[] {
  const differences: string[] = [];
  const found = Map.groupBy(raised, (alert) => nameOf(alert.watch, alert));
  for (const { id, budget, alerts } of budgets) {
    for (const expected of alerts) {
      const name = nameOf(id, expected);
      const [alert, ...more] = found.get(name) ?? [];
      found.delete(name);
      if (!alert) {
        differences.push(`${name} was not raised`);
        continue;
      }
      if (more.length > 0) differences.push(`${name} was raised ${more.length + 1} times`);
      const value = unitsOf(alert.value, budget.on === 'cost' ? 12 : 0);
      if (value < expected.least || value > expected.most)
        differences.push(`${name} says ${value}, not ${expected.least} to ${expected.most}`);
      if (alert.id !== idOf(alert)) differences.push(`${name} has the id ${alert.id}`);
    }
  }
  return [...differences, ...[...found.keys()].map((name) => `${name} should not be there`)];
}

function nameOf(
  budget: string,
  {
    type,
    counter,
    windowStartMs,
    threshold,
  }: Omit<ExpectedAlert, 'least' | 'most' | 'type'> & { type: string },
): string {
  return `${budget} ${type} ${threshold} of ${counter} in ${windowStartMs}`;
}

function idOf({
  type,
  project,
  watch,
  counter,
  windowStartMs,
  threshold,
  arming,
}: RaisedAlert): string {
  const start = windowStartMs === null ? '' : new Date(windowStartMs).toISOString();
  const parts = [type, project, watch, counter, start, threshold, String(arming)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
