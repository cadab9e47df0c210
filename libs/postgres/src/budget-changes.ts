import { sql } from 'kysely';
import type { Budget } from '#contracts';
import type { Postgres } from './database.js';

interface BudgetRow extends Omit<Budget, 'created_at' | 'deleted_at'> {
  created_at: Date;
  deleted_at: Date | null;
}

/** The budgets that changed above `change`, deleted ones included, in the order of their changes. */
export async function readBudgetChanges(postgres: Postgres, change: bigint): Promise<Budget[]> {
  const { rows } = await sql<BudgetRow>`
    SELECT id, project, name, measure AS "on", scope, per, limit_amount AS "limit", budget_window AS "window",
      thresholds, hard, projected, suspended, raise, renotify_seconds, change, arming, created_at, deleted_at
    FROM budgets WHERE change > ${change} ORDER BY change`.execute(postgres);
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    deleted_at: row.deleted_at?.toISOString() ?? null,
  }));
}
