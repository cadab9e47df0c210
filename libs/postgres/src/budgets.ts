import type { Budget } from '#watches';
import { type WatchKind, watchReads } from './watches.js';

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

export const BUDGETS: WatchKind<'budgets', StoredBudget> = {
  table: 'budgets',
  watchOf(row) {
    const {
      measure: on,
      limit_amount: limit,
      budget_window: window,
      deleted_at: _deletedAt,
      changed_in: _changedIn,
      ...columns
    } = row;
    return { ...columns, on, limit, window };
  },
};

export const Budgets = watchReads(BUDGETS);
