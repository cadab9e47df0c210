import { type BudgetChange, BUDGETS, type NewBudget } from './budgets.js';
import { watchWrites } from './watch-writes.js';

export const BudgetWrites = watchWrites({
  ...BUDGETS,
  rowOf: ({ on, limit, window, scope, raise, ...columns }: NewBudget) => ({
    ...columns,
    measure: on,
    limit_amount: limit,
    budget_window: JSON.stringify(window),
    scope: JSON.stringify(scope),
    raise: raise && JSON.stringify(raise),
  }),
  columnsOf: ({ limit, raise, ...columns }: BudgetChange) => ({
    ...columns,
    ...(limit === undefined ? {} : { limit_amount: limit }),
    ...(raise === undefined ? {} : { raise: raise && JSON.stringify(raise) }),
  }),
});
