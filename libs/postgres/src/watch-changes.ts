import { sql } from 'kysely';
import type { Budget, Rate } from '#watches';
import type { Postgres } from './database.js';

interface Times {
  created_at: Date;
  deleted_at: Date | null;
}

/** Numbers the changes of budgets and rates in one row, so that one number tells how far they were read. */
export const NEXT_CHANGE = sql<bigint>`nextval('watch_changes')`;

/** The budgets and rates that changed above `change`, deleted ones included, each in the order of their changes. */
export async function readWatchChanges(
  postgres: Postgres,
  change: bigint,
): Promise<{ budgets: Budget[]; rates: Rate[] }> {
  const budgets = await sql<Omit<Budget, keyof Times | 'armed_at'> & Times & { armed_at: Date }>`
    SELECT id, project, name, measure AS "on", scope, per, limit_amount AS "limit", budget_window AS "window",
      thresholds, hard, projected, suspended, raise, renotify_seconds, change, arming, armed_at, created_at, deleted_at
    FROM budgets WHERE change > ${change} ORDER BY change`.execute(postgres);
  const rates = await sql<Omit<Rate, keyof Times> & Times>`
    SELECT id, project, name, measure AS "on", scope, per, over_seconds, limit_amount AS "limit", change_percent,
      events_min, change, created_at, deleted_at
    FROM rates WHERE change > ${change} ORDER BY change`.execute(postgres);
  const armed = budgets.rows.map((row) => ({ ...row, armed_at: row.armed_at.toISOString() }));
  return { budgets: armed.map(withTimes), rates: rates.rows.map(withTimes) };
}

function withTimes<T extends Times>(row: T) {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    deleted_at: row.deleted_at?.toISOString() ?? null,
  };
}
