import type { Selectable } from 'kysely';
import type { Budget, Rate } from '#watches';
import { BUDGETS } from './budgets.js';
import type { Database, Postgres } from './database.js';
import { RATES } from './rates.js';
import type { WatchKind, WatchTable } from './watches.js';

/** The budgets and rates that changed above `change`, deleted ones included, each in the order of their changes. */
export async function readWatchChanges(
  postgres: Postgres,
  change: bigint,
): Promise<{ budgets: Budget[]; rates: Rate[] }> {
  const budgets = await changedAbove(postgres, BUDGETS, change);
  const rates = await changedAbove(postgres, RATES, change);
  return {
    budgets: budgets.map((budget) => ({ ...budget, armed_at: budget.armed_at.toISOString() })),
    rates,
  };
}

async function changedAbove<Table extends WatchTable, Watch extends { created_at: Date }>(
  postgres: Postgres,
  { table, watchOf }: WatchKind<Table, Watch>,
  change: bigint,
) {
  const rows = await postgres
    .selectFrom<WatchTable>(table)
    .selectAll()
    .where('change', '>', change)
    .orderBy('change')
    .execute();
  return rows.map((row) => {
    const watch = watchOf(row as Selectable<Database[Table]>);
    return {
      ...watch,
      created_at: watch.created_at.toISOString(),
      deleted_at: row.deleted_at?.toISOString() ?? null,
    };
  });
}
