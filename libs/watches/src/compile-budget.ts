import { hash } from 'node:crypto';
import { type Budget, canonicalJson } from '#contracts';
import { type TimeWindow, WindowFinder } from '#windows';

const DAY_MS = 86_400_000;
/** How late an event may be, with room. */
const LATENESS_MS = 36 * DAY_MS;

/** A budget made ready to count with. */
export interface CompiledBudget {
  budget: Budget;
  /** `<id>:<hash of what decides the sums>`: counters of another scope, key, measure or window are other counters. */
  definition: string;
  windows: WindowFinder;
}

export function compileBudget(budget: Budget): CompiledBudget {
  const { id, on, scope, per, window } = budget;
  const parts = canonicalJson({ on, scope, per: [...per], window });
  const definition = `${id}:${hash('sha256', parts, 'hex').slice(0, 12)}`;
  return { budget, definition, windows: WindowFinder.for(window) };
}

/** The windows that an event may still fall into, oldest first: late ones, and clocks that run ahead by a day. */
export function openWindows({ budget, windows }: CompiledBudget, nowMs: number): TimeWindow[] {
  const open: TimeWindow[] = [];
  const { lateMs, aheadMs } = reachOf(budget);
  for (let atMs = nowMs - lateMs; atMs < nowMs + aheadMs;) {
    const window = windows.of(atMs);
    open.push(window);
    atMs = window.endMs;
  }
  return open;
}

/** Short windows reach less far, so that there are thousands of them at the most. */
function reachOf({ window }: Budget): { lateMs: number; aheadMs: number } {
  if (window.kind === 'rolling')
    return { lateMs: 2_000 * window.seconds, aheadMs: 1_000 * window.seconds };
  const short = window.kind === 'calendar' && /minute|hour/.test(window.unit);
  return { lateMs: short ? 2 * DAY_MS : LATENESS_MS, aheadMs: DAY_MS };
}
