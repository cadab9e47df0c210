import {
  type BudgetChange,
  budgetOf,
  livingBudgets,
  type NewBudget,
  type StoredBudget,
} from './budgets.js';
import { inTransaction, type Postgres } from './database.js';
import { NEXT_CHANGE } from './watch-changes.js';

/** Writes budgets. Every change takes the next number of change, by which the aggregator finds it within 2 s. */
export class BudgetWrites {
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

  /** `edit` sees the budget as it stands, while nobody else can change it. An empty change changes nothing. */
  change(
    project: string,
    id: string,
    edit: (before: StoredBudget) => BudgetChange,
  ): Promise<StoredBudget | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const row = await livingBudgets(transaction, project)
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
}
