import { hash } from 'node:crypto';
import { canonicalJson } from '#contracts';
import { type Meter, METERS } from '#meters';
import { bucketMsOf, type TimeWindow, WindowFinder } from '#windows';
import type { Budget } from './budget.js';
import type { Rate } from './rate.js';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MS = 86_400_000;
/** How late an event may be, with room. */
const LATENESS_MS = 36 * DAY_MS;

interface Compiled {
  /** `<id>:<hash of what decides the sums>`: counters of another scope, key, measure or window are other counters. */
  definition: string;
  /** What it measures of an event. */
  meter: Meter;
  /** Of a sliding watch, its buckets. */
  windows: WindowFinder;
  /** The length of a bucket of a sliding watch; null for windows that stand still. */
  bucketMs: number | null;
}

/** A budget made ready to count with. */
export interface CompiledBudget extends Compiled {
  watch: Budget;
  budget: Budget;
  rate: null;
}

/** A rate made ready to count with. */
export interface CompiledRate extends Compiled {
  watch: Rate;
  budget: null;
  rate: Rate;
  bucketMs: number;
}

export type CompiledWatch = CompiledBudget | CompiledRate;

/** A rate, or a budget whose window rolls: it is held against the sum of its last sixty buckets. */
export type SlidingWatch = CompiledWatch & { bucketMs: number };

export function compileBudget(budget: Budget): CompiledBudget {
  const { on, scope, per, window } = budget;
  const definition = definitionOf(budget.id, { on, scope, per: [...per], window });
  const bucketMs = window.kind === 'rolling' ? bucketMsOf(window.seconds) : null;
  return {
    watch: budget,
    budget,
    rate: null,
    definition,
    meter: METERS[on],
    windows: WindowFinder.for(window),
    bucketMs,
  };
}

export function compileRate(rate: Rate): CompiledRate {
  const { on, scope, per, over_seconds: seconds } = rate;
  const definition = definitionOf(rate.id, { on, scope, per: [...per], seconds });
  const windows = WindowFinder.for({ kind: 'rolling', seconds });
  return {
    watch: rate,
    budget: null,
    rate,
    definition,
    meter: METERS[on],
    windows,
    bucketMs: bucketMsOf(seconds),
  };
}

export function isSliding(compiled: CompiledWatch): compiled is SlidingWatch {
  return compiled.bucketMs !== null;
}

/** The windows that an event may still fall into, oldest first: late ones, and clocks that run ahead by a day. */
export interface OpenWindows {
  windows: readonly TimeWindow[];
  /** Minutes are too many to be listed: then `windows` is one stretch of time, and each window in it is so long. */
  everyMs?: number;
}

const open = new WeakMap<WindowFinder, { quarter: number; found: OpenWindows }>();

/** One list for all budgets of the same windows, found anew every quarter of an hour. */
export function openWindows({ budget, windows }: CompiledBudget, nowMs: number): OpenWindows {
  const quarter = Math.floor(nowMs / QUARTER_MS);
  const known = open.get(windows);
  if (known?.quarter === quarter) return known.found;
  const startMs = quarter * QUARTER_MS - LATENESS_MS;
  const endMs = (quarter + 1) * QUARTER_MS + DAY_MS;
  const { window } = budget;
  const found =
    window.kind === 'calendar' && window.unit === 'minute'
      ? { windows: [{ startMs, endMs }], everyMs: MINUTE_MS }
      : { windows: windowsBetween(windows, startMs, endMs) };
  open.set(windows, { quarter, found });
  return found;
}

function windowsBetween(finder: WindowFinder, startMs: number, endMs: number): TimeWindow[] {
  const found: TimeWindow[] = [];
  for (let atMs = startMs; atMs < endMs;) {
    const window = finder.of(atMs);
    found.push(window);
    atMs = window.endMs;
  }
  return found;
}

function definitionOf(id: string, decisive: Parameters<typeof canonicalJson>[0]): string {
  return `${id}:${hash('sha256', canonicalJson(decisive), 'hex').slice(0, 12)}`;
}
