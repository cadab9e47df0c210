import type { Selectable } from 'kysely';
import type { Budget } from '#watches';
import { inTransaction, type Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { BudgetsTable } from './tables/budgets.js';
import { NEXT_CHANGE } from './watch-changes.js';

/** What may change: what a budget counts is fixed, because its counters and alerts rest on it. */
export interface BudgetChange {
  name?: string;
  limit?: string;
  thresholds?: string[];
  hard?: boolean;
  projected?: boolean;
  suspended?: boolean;
  raise?: Budget['raise'];
  renotify_seconds?: number | null;
  arming?: number;
  armed_at?: Date;
}

export type NewBudget = Omit<
  Budget,
  'change' | 'arming' | 'armed_at' | 'created_at' | 'deleted_at'
> &
  Partial<Pick<Budget, 'armed_at'>>;
/** A budget with its time of creation as lists need it. */
export type StoredBudget = Omit<Budget, 'armed_at' | 'created_at' | 'deleted_at'> & {
  armed_at: Date;
  created_at: Date;
};

/** Budgets. Every change takes the next number of change, by which the aggregator finds it within 2 s. */
export class Budgets {
  constructor(private readonly postgres: Postgres) {}

  async create(budget: NewBudget): Promise<StoredBudget> {
    const { on, limit, window, scope, raise, ...columns } = budget;
    const row = await this.postgres
      .insertInto('budgets')
      .values({
        ...columns,
        measure: on,
        limit_amount: limit,
        budget_window: JSON.stringify(window),
        scope: JSON.stringify(scope),
        raise: raise && JSON.stringify(raise),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return budgetOf(row);
  }

  async find(project: string, id: string): Promise<StoredBudget | undefined> {
    const row = await this.living(project).where('id', '=', id).executeTakeFirst();
    return row && budgetOf(row);
  }

  async list(project: string, request: ListRequest): Promise<StoredBudget[]> {
    return (await pageOf(this.living(project), request)).map(budgetOf);
  }

  /** `edit` sees the budget as it stands, while nobody else can change it. An empty change changes nothing. */
  change(
    project: string,
    id: string,
    edit: (before: StoredBudget) => BudgetChange,
  ): Promise<StoredBudget | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const row = await new Budgets(transaction)
        .living(project)
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return undefined;
      const { limit, raise, ...columns } = edit(budgetOf(row));
      const change = {
        ...columns,
        ...(limit === undefined ? {} : { limit_amount: limit }),
        ...(raise === undefined ? {} : { raise: raise && JSON.stringify(raise) }),
      };
      if (Object.keys(change).length === 0) return budgetOf(row);
      const changed = await transaction
        .updateTable('budgets')
        .set({ ...change, change: NEXT_CHANGE })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return budgetOf(changed);
    });
  }

  /** It counts and alerts no more. Its alerts stay. */
  async delete(project: string, id: string): Promise<StoredBudget | undefined> {
    const row = await this.postgres
      .updateTable('budgets')
      .set({ deleted_at: new Date(), change: NEXT_CHANGE })
      .where('project', '=', project)
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
    return row && budgetOf(row);
  }

  private living(project: string) {
    return this.postgres
      .selectFrom('budgets')
      .selectAll()
      .where('project', '=', project)
      .where('deleted_at', 'is', null);
  }
}

function budgetOf(row: Selectable<BudgetsTable>): StoredBudget {
  const {
    measure: on,
    limit_amount: limit,
    budget_window: window,
    deleted_at: _,
    ...columns
  } = row;
  return { ...columns, on, limit, window };
}
