import type { CounterGroup } from '#redis';
import type { TimeWindow } from '#windows';
import { type BudgetLimits, type CompiledBudget, limitOfRevision } from '#watches';
import type { CounterDelta } from './count-items.js';

const DAY_MS = 86_400_000;
/** Behind the end of a window: longer than an event may be late. */
const KEEP_MS = 45 * DAY_MS;
const KEYS_OF_A_WINDOW_MAX = 100_000;

/** What an alert of a counter says besides its value: travels through Redis with each threshold crossed. */
export interface WatchContext {
  project: string;
  budget: string;
  name: string;
  on: string;
  limit: string;
  arming: number;
  scope_customer: string | null;
  window_start: string | null;
  window_end: string | null;
}

/** One group a window of a budget, in the order in which they first appear. */
export function groupsOf(
  deltas: CounterDelta[],
  limitsFor: (compiled: CompiledBudget) => BudgetLimits,
): CounterGroup[] {
  const groups = new Map<string, CounterGroup>();
  for (const { compiled, window, key, amount, eventTime } of deltas) {
    const id = `${compiled.definition} ${window.startMs}`;
    const group = groups.get(id) ?? groupOf(compiled, window, limitsFor(compiled));
    groups.set(id, group);
    group.steps.push({ key, amount, eventTime });
  }
  return [...groups.values()];
}

/** Holds the counters of a window against thresholds that are new since `formerRevision`. */
export function recheckOf(
  compiled: CompiledBudget,
  window: TimeWindow,
  limits: BudgetLimits,
  formerRevision: string,
  nowMs: number,
): CounterGroup {
  const recheck = {
    formerLimit: limitOfRevision(formerRevision),
    at: new Date(nowMs).toISOString(),
  };
  return { ...groupOf(compiled, window, limits), recheck };
}

function groupOf(
  { budget, definition }: CompiledBudget,
  window: TimeWindow,
  { limit, limitText, thresholds, arming }: BudgetLimits,
): CounterGroup {
  const ends = Number.isFinite(window.endMs);
  const context: WatchContext = {
    project: budget.project,
    budget: budget.id,
    name: budget.name,
    on: budget.on,
    limit: limitText,
    arming,
    scope_customer: budget.scope.customer ?? null,
    window_start: ends ? new Date(window.startMs).toISOString() : null,
    window_end: ends ? new Date(window.endMs).toISOString() : null,
  };
  return {
    definition,
    windowStartMs: window.startMs,
    expireAtMs: ends ? window.endMs + KEEP_MS : null,
    keysMax: KEYS_OF_A_WINDOW_MAX,
    // A rolling window's bucket is no window of its own: its thresholds are not held against buckets.
    thresholds: budget.window.kind === 'rolling' ? [] : thresholds,
    limit,
    watch: JSON.stringify(context),
    steps: [],
    recheck: null,
  };
}
