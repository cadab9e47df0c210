export { type CompiledBudget, compileBudget, openWindows } from './compile-budget.js';
export {
  type BudgetLimits,
  type BudgetThreshold,
  limitOfRevision,
  limitsOf,
} from './budget-limits.js';
export { amountOfUsage, counterKeysOf, valuesOf } from './measure-usage.js';
export { BudgetIndex } from './match-budgets.js';
export { type BudgetProjection, projectBudget } from './project-budget.js';
