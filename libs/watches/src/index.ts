export { boundOfHours } from './baseline-bound.js';
export type { Budget, BudgetRaise } from './budget.js';
export {
  type CompiledBudget,
  type CompiledRate,
  type CompiledWatch,
  compileBudget,
  compileRate,
  isSliding,
  openWindows,
  type SlidingWatch,
} from './compile-watch.js';
export { compileIfSound, type RefusedWatch } from './compile-if-sound.js';
export { type CountedSpan, countedSpan } from './counted-span.js';
export {
  type BudgetLimits,
  type BudgetThreshold,
  LIMIT_THRESHOLD,
  limitsOf,
  readRevision,
} from './budget-limits.js';
export type { Rate } from './rate.js';
export { countedAtMs, measuresLike, sampleOf } from './sample-usage.js';
export { WatchIndex } from './match-watches.js';
export type { TargetGroup, WatchTarget } from './watch-targets.js';
export { type BudgetProjection, projectBudget } from './project-budget.js';
export {
  type Measured,
  RATE_BOUND,
  type SlidingBounds,
  slidingBoundsOf,
} from './sliding-bounds.js';
