import type { CounterGroup } from '#redis';
import {
  type BudgetLimits,
  type CompiledBudget,
  type CompiledWatch,
  isSliding,
  LIMIT_THRESHOLD,
  limitsOf,
  readRevision,
} from '#watches';
import { BUCKETS_OF_A_SPAN, type TimeWindow } from '#windows';
import { contextOfWindow } from '../alerting/watch-context.js';
import { ANY_BOUNDS } from './seeding/opened-gaps.js';
import type { CounterDelta } from './count-items.js';
import { Recheck } from './recheck.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Behind the end of a window: as long as an event may be late, and a day. */
const KEEP_MS = 36 * DAY_MS;
/** Counters of one window of one watch, and states of one sliding watch. */
export const KEYS_OF_A_WATCH_MAX = 100_000;

/** What an alert says of a window, as JSON: written once and not for every call that might cross a threshold. */
const contexts = new WeakMap<BudgetLimits, { startMs: number; text: string }>();

/**
 * One group a window of a watch, in the order in which they first appear; two when usage is counted anew and some of it
 * is quiet, that first. Buckets that no span holds any more are left
 * out, as are windows that no event reaches, and a bucket has no thresholds: its watch is judged by the sum of sixty.
 */
export function groupsOf(
  deltas: readonly CounterDelta[],
  nowMs: number,
  { anew = false } = {},
): CounterGroup[] {
  if (!anew) return groupedByWindow(deltas, nowMs);
  const { quiet = [], heard = [] } = Object.groupBy(deltas, (delta) =>
    wasTold(delta, nowMs) ? 'quiet' : 'heard',
  );
  return [
    ...groupedByWindow(quiet, nowMs).map((group) => ({ ...group, thresholds: [] })),
    ...groupedByWindow(heard, nowMs),
  ];
}

/**
 * What was there, in a window that had ended, before the present limits came was for others to tell. Behind a loss of
 * Redis it would be told a second time, under the number of these limits; of a new budget, for weeks of past windows.
 */
function wasTold({ compiled, window, receivedAt }: CounterDelta, nowMs: number): boolean {
  if (compiled.budget === null || isSliding(compiled)) return false;
  const { sinceMs } = limitsOf(compiled, nowMs);
  return window.endMs <= sinceMs && Date.parse(receivedAt) < sinceMs;
}

function groupedByWindow(deltas: readonly CounterDelta[], nowMs: number): CounterGroup[] {
  const windows = new Map<CompiledWatch, Map<number, CounterGroup | null>>();
  for (const { compiled, window, key, amount, eventTime, events, bins } of deltas) {
    let groups = windows.get(compiled);
    if (!groups) windows.set(compiled, (groups = new Map<number, CounterGroup | null>()));
    let group = groups.get(window.startMs);
    if (group === undefined) {
      group = isSliding(compiled)
        ? groupOfBucket(compiled.definition, window, nowMs)
        : isOver(window, nowMs)
          ? null
          : groupOfWindow(compiled, window, nowMs);
      groups.set(window.startMs, group);
    }
    group?.steps.push({
      key,
      amount,
      eventTime,
      events: compiled.rate === null ? null : events,
      bins: bins.size === 0 ? null : bins,
    });
  }
  return [...windows.values()].flatMap((groups) =>
    [...groups.values()].filter((group) => group !== null),
  );
}

/** Holds the counters of a window against thresholds that are new since `formerRevision`. */
export function recheckOf(
  compiled: CompiledBudget,
  window: TimeWindow,
  formerRevision: string,
  nowMs: number,
): Recheck {
  // While it is suspended nobody is told of a recovery either: that is found in the table of alerts when it is woken.
  const former = compiled.budget.suspended ? null : readRevision(formerRevision);
  const group = groupOfWindow(compiled, window, nowMs);
  return new Recheck(group, { former, limitName: LIMIT_THRESHOLD });
}

function groupOfWindow(compiled: CompiledBudget, window: TimeWindow, nowMs: number): CounterGroup {
  const limits = limitsOf(compiled, nowMs);
  return {
    definition: compiled.definition,
    windowStartMs: window.startMs,
    keepMs: Number.isFinite(window.endMs) ? window.endMs + KEEP_MS - nowMs : null,
    keysMax: KEYS_OF_A_WATCH_MAX,
    thresholds: limits.thresholds,
    limit: limits.limit,
    revision: limits.revision,
    watch: contextTextOf(compiled, window, limits),
    steps: [],
    recheck: null,
  };
}

/** No event reaches it any more: what still comes out of a backlog is stored and billed, and meets no budget. */
function isOver({ endMs }: TimeWindow, nowMs: number): boolean {
  return endMs + KEEP_MS <= nowMs;
}

function contextTextOf(compiled: CompiledBudget, window: TimeWindow, limits: BudgetLimits): string {
  const known = contexts.get(limits);
  if (known?.startMs === window.startMs) return known.text;
  const text = JSON.stringify(contextOfWindow(compiled, window, limits));
  contexts.set(limits, { startMs: window.startMs, text });
  return text;
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
    revision: ANY_BOUNDS,
    watch: '""',
    steps: [],
    recheck: null,
  };
}
