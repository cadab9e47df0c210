import type { KnownState, PendingAlert, SlidingCheck, SlidingCounter } from '#redis';
import { pendingEntry } from './pending-entry.js';

interface CounterState {
  reached: string[];
  arming: number;
  limitsArming: number;
}

/** What judging reads of Redis beside its own. */
interface Counted {
  sumOf(watchId: string, key: string): bigint;
  isSeeded(definition: string): boolean;
  push(entry: string): void;
}

/** States of the counters of sliding budgets on amounts, in the plainest way. */
export class FakeSliding {
  states = new Map<string, CounterState>();
  /** Partitions that are adopted and not caught up. */
  behind = new Set<number>();

  firing(): SlidingCounter[] {
    return [...this.states].flatMap(([name, { reached }]) => {
      const space = name.indexOf(' ');
      const counter = { watchId: name.slice(0, space), key: name.slice(space + 1) };
      return reached.length > 0 ? [counter] : [];
    });
  }

  /** Answers how many counters have to wait. */
  judge(checks: readonly SlidingCheck[], at: string, counted: Counted): number {
    let waiting = 0;
    for (const check of checks) {
      for (const { key, eventTime } of check.counters) {
        if (!this.judgeCounter(check, key, { at, eventTime }, counted)) waiting += 1;
      }
    }
    return waiting;
  }

  restore(watchId: string, known: readonly KnownState[]): string[] {
    const moved = known.flatMap(({ key, reached, arming, limitsArming }) => {
      const name = `${watchId} ${key}`;
      const stored = this.states.get(name) ?? { reached: [], arming: 0 };
      const isAhead =
        arming > stored.arming ||
        (arming === stored.arming && stored.reached.length === 0 && reached.length > 0);
      if (!isAhead) return [];
      this.states.set(name, { reached, arming, limitsArming });
      return [key];
    });
    if (moved.length > 0) for (const partition of [0, 1]) this.behind.add(partition);
    return moved;
  }

  copy(): FakeSliding {
    const copy = new FakeSliding();
    copy.states = new Map(this.states);
    copy.behind = new Set(this.behind);
    return copy;
  }

  private judgeCounter(
    { watchId, definition, measured, boundName, limitsArming, watch }: SlidingCheck,
    key: string,
    { at, eventTime }: { at: string; eventTime: string },
    counted: Counted,
  ): boolean {
    const name = `${watchId} ${key}`;
    const state = this.states.get(name) ?? { reached: [], arming: 1, limitsArming };
    const sum = counted.sumOf(watchId, key);
    const thresholds = measured.by === 'amount' ? measured.thresholds : [];
    const reached = thresholds.filter(({ amount }) => sum >= amount).map((one) => one.name);
    const isFalling = state.reached.some((one) => !reached.includes(one));
    if (isFalling && (this.behind.size > 0 || !counted.isSeeded(definition))) return false;
    const push = (kind: PendingAlert['kind'], threshold: string, arming: number) =>
      counted.push(
        pendingEntry({ kind, threshold, key, amount: sum, eventTime, at, arming, watch }),
      );
    if (state.reached.includes(boundName) && !reached.includes(boundName))
      push('recovered', boundName, state.arming);
    const arming = isFalling ? state.arming + 1 : state.arming;
    for (const one of reached) if (!state.reached.includes(one)) push('crossed', one, arming);
    this.states.set(name, { reached, arming, limitsArming });
    return true;
  }
}
