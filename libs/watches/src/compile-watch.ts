import { hash } from 'node:crypto';
import { type Budget, canonicalJson, type Rate } from '#contracts';
import { bucketMsOf, type TimeWindow, WindowFinder } from '#windows';

const DAY_MS = 86_400_000;
/** How late an event may be, with room. */
const LATENESS_MS = 36 * DAY_MS;

interface Compiled {
  /** `<id>:<hash of what decides the sums>`: counters of another scope, key, measure or window are other counters. */
  definition: string;
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
    windows: WindowFinder.for(window),
    bucketMs,
  };
}

export function compileRate(rate: Rate): CompiledRate {
  const { on, scope, per, over_seconds: seconds } = rate;
  const definition = definitionOf(rate.id, { on, scope, per: [...per], seconds });
  const windows = WindowFinder.for({ kind: 'rolling', seconds });
  return { watch: rate, budget: null, rate, definition, windows, bucketMs: bucketMsOf(seconds) };
}

export function isSliding(compiled: CompiledWatch): compiled is SlidingWatch {
  return compiled.bucketMs !== null;
}

/** The windows that an event may still fall into, oldest first: late ones, and clocks that run ahead by a day. */
export function openWindows({ budget, windows }: CompiledBudget, nowMs: number): TimeWindow[] {
  const open: TimeWindow[] = [];
  const { window } = budget;
  // Short windows reach less far, so that there are thousands of them at the most.
  const short = window.kind === 'calendar' && /minute|hour/.test(window.unit);
  const lateMs = short ? 2 * DAY_MS : LATENESS_MS;
  for (let atMs = nowMs - lateMs; atMs < nowMs + DAY_MS;) {
    const found = windows.of(atMs);
    open.push(found);
    atMs = found.endMs;
  }
  return open;
}

function definitionOf(id: string, decisive: Parameters<typeof canonicalJson>[0]): string {
  return `${id}:${hash('sha256', canonicalJson(decisive), 'hex').slice(0, 12)}`;
}
