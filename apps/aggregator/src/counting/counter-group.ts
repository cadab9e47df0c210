import type { CounterGroup } from '#redis';
import {
  type BudgetLimits,
  type CompiledBudget,
  isSliding,
  LIMIT_THRESHOLD,
  readRevision,
} from '#watches';
import { BUCKETS_OF_A_SPAN, type TimeWindow } from '#windows';
import type { CounterDelta } from './count-items.js';
import { contextOfWindow } from './watch-context.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Behind the end of a window: longer than an event may be late. */
const KEEP_MS = 45 * DAY_MS;
/** Counters of one window of one watch, and states of one sliding watch. */
export const KEYS_OF_A_WATCH_MAX = 100_000;

/**
 * One group a window of a watch, in the order in which they first appear. Buckets that no span holds any more are left
 * out, and a bucket has no thresholds: its watch is judged by the sum of sixty.
 */
export function groupsOf(
  deltas: CounterDelta[],
  limitsFor: (compiled: CompiledBudget) => BudgetLimits,
  nowMs: number,
): CounterGroup[] {
  const groups = new Map<string, CounterGroup>();
  for (const { compiled, window, key, amount, eventTime, events, bins } of deltas) {
    const id = `${compiled.definition} ${window.startMs}`;
    let group = groups.get(id);
    if (!group) {
      const made = isSliding(compiled)
        ? groupOfBucket(compiled.definition, window, nowMs)
        : groupOfWindow(compiled, window, limitsFor(compiled), nowMs);
      if (made === null) continue;
      group = made;
      groups.set(id, group);
    }
    group.steps.push({
      key,
      amount,
      eventTime,
      events: compiled.rate === null ? null : events,
      bins: bins.size === 0 ? null : bins,
    });
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
  const recheck = { former: readRevision(formerRevision), limitName: LIMIT_THRESHOLD };
  return { ...groupOfWindow(compiled, window, limits, nowMs), recheck };
}

function groupOfWindow(
  compiled: CompiledBudget,
  window: TimeWindow,
  limits: BudgetLimits,
  nowMs: number,
): CounterGroup {
  return {
    definition: compiled.definition,
    windowStartMs: window.startMs,
    keepMs: Number.isFinite(window.endMs) ? window.endMs + KEEP_MS - nowMs : null,
    keysMax: KEYS_OF_A_WATCH_MAX,
    thresholds: limits.thresholds,
    limit: limits.limit,
    watch: JSON.stringify(contextOfWindow(compiled, window, limits)),
    steps: [],
    recheck: null,
  };
}

function groupOfBucket(
  definition: string,
  { startMs, endMs }: TimeWindow,
  nowMs: number,
): CounterGroup | null {
  const staysMs = startMs + BUCKETS_OF_A_SPAN * (endMs - startMs) - nowMs;
  if (staysMs <= 0) return null;
  return {
    definition,
    windowStartMs: startMs,
    keepMs: staysMs + MINUTE_MS,
    keysMax: KEYS_OF_A_WATCH_MAX,
    thresholds: [],
    limit: 0n,
    watch: '""',
    steps: [],
    recheck: null,
  };
}
