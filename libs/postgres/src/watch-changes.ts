import { type Selectable, sql } from 'kysely';
import type { Budget, Rate } from '#watches';
import { BUDGETS } from './budgets.js';
import type { Database, Postgres } from './database.js';
import { RATES } from './rates.js';
import type { WatchKind, WatchTable } from './watches.js';

/** So long a deletion is told of: whoever was away longer finds nothing of the watch any more. */
const DELETIONS_TOLD_DAYS = 30;

export interface WatchChanges {
  budgets: Budget[];
  rates: Rate[];
  /** Of the projects of deleted ones, those that are deleted themselves. */
  ended: string[];
  /** Every change of a transaction below it was there to be read: the next look begins here. */
  upTo: bigint;
}

/**
 * The budgets and rates that were changed in the transaction `from` or a later one, deleted ones included, each in the
 * order of their changes; from 0, all that there are. However long a transaction is open, and whatever commits meanwhile,
 * its changes lie at or above the `upTo` of every look before its end.
 */
export async function readWatchChanges(postgres: Postgres, from: bigint): Promise<WatchChanges> {
  // Before the rows are read: what is not over by now may still commit behind this look.
  const { rows } = await sql<{ oldest_open: string }>`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest_open`.execute(postgres);
  const budgets = await changedSince(postgres, BUDGETS, from);
  const rates = await changedSince(postgres, RATES, from);
  return {
    budgets: budgets.map((budget) => ({ ...budget, armed_at: budget.armed_at.toISOString() })),
    rates,
    ended: await endedAmong(postgres, [...budgets, ...rates]),
    upTo: BigInt(rows[0]!.oldest_open),
  };
}

async function endedAmong(
  postgres: Postgres,
  watches: readonly Pick<Rate, 'project' | 'deleted_at'>[],
): Promise<string[]> {
  const deleted = watches.filter(({ deleted_at }) => deleted_at !== null);
  const projects = [...new Set(deleted.map(({ project }) => project))];
  if (projects.length === 0) return [];
  const ended = await postgres
    .selectFrom('projects')
    .select('id')
    .where(sql<boolean>`id = ANY(${projects})`)
    .where('deleted_at', 'is not', null)
    .execute();
  return ended.map(({ id }) => id);
}

async function changedSince<Table extends WatchTable, Watch extends { created_at: Date }>(
  postgres: Postgres,
  { table, watchOf }: WatchKind<Table, Watch>,
  from: bigint,
) {
  const rows = await postgres
    .selectFrom<WatchTable>(table)
    .selectAll()
    .where(sql<boolean>`changed_in >= ${String(from)}::xid8`)
    .where(
      sql<boolean>`(deleted_at IS NULL OR deleted_at > now() - make_interval(days => ${DELETIONS_TOLD_DAYS}))`,
    )
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
