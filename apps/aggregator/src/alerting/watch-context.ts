import type { MeterName } from '#meters';
import type { BudgetLimits, CompiledBudget, SlidingBounds, SlidingWatch } from '#watches';
import type { TimeWindow } from '#windows';

interface ContextOfAny {
  project: string;
  /** Its id. */
  watch: string;
  name: string;
  on: MeterName;
  scope_customer: string | null;
}

export interface BudgetContext extends ContextOfAny {
  kind: 'budget';
  limit: string;
  /** Of a rolling budget the counter's own state has it. */
  arming: number | null;
  window_start: string | null;
  window_end: string | null;
}

export interface RateContext extends ContextOfAny {
  kind: 'rate';
  over_seconds: number;
  /** Null where earlier days give the bound. */
  limit: string | null;
}

/** What an alert of a counter says besides its value: travels through Redis with each threshold crossed. */
export type WatchContext = BudgetContext | RateContext;

export function contextOfWindow(
  { budget }: CompiledBudget,
  window: TimeWindow,
  { limitText, arming }: BudgetLimits,
): BudgetContext {
  const ends = Number.isFinite(window.endMs);
  return {
    kind: 'budget',
    ...contextOfAny(budget),
    limit: limitText,
    arming,
    window_start: ends ? new Date(window.startMs).toISOString() : null,
    window_end: ends ? new Date(window.endMs).toISOString() : null,
  };
}

/** A sliding span has neither start nor end: it moves with every moment. */
export function contextOfSliding(
  { watch, rate }: SlidingWatch,
  { limitText }: SlidingBounds,
): WatchContext {
  if (rate !== null) {
    const { over_seconds } = rate;
    return { kind: 'rate', ...contextOfAny(rate), over_seconds, limit: limitText };
  }
  return {
    kind: 'budget',
    ...contextOfAny(watch),
    limit: limitText!,
    arming: null,
    window_start: null,
    window_end: null,
  };
}

function contextOfAny({ id, project, name, on, scope }: SlidingWatch['watch']): ContextOfAny {
  return { project, watch: id, name, on, scope_customer: scope.customer ?? null };
}
