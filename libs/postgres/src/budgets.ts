import type { Selectable } from 'kysely';
import type { Budget } from '#contracts';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { BudgetsTable } from './tables/budgets.js';

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

/** Budgets that are not deleted. */
export class Budgets {
  constructor(private readonly postgres: Postgres) {}

  async find(project: string, id: string): Promise<StoredBudget | undefined> {
    const row = await livingBudgets(this.postgres, project).where('id', '=', id).executeTakeFirst();
    return row && budgetOf(row);
  }

  async list(project: string, request: ListRequest): Promise<StoredBudget[]> {
    return (await pageOf(livingBudgets(this.postgres, project), request)).map(budgetOf);
  }
}

export function budgetOf(row: Selectable<BudgetsTable>): StoredBudget {
  const {
    measure: on,
    limit_amount: limit,
    budget_window: window,
    deleted_at: _,
    ...columns
  } = row;
  return { ...columns, on, limit, window };
}

export function livingBudgets(postgres: Postgres, project: string) {
  return postgres
    .selectFrom('budgets')
    .selectAll()
    .where('project', '=', project)
    .where('deleted_at', 'is', null);
}
