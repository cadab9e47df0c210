import { unitsFromDecimal } from '#meters';
import type { WatchAlert } from '#postgres';
import type { KnownState } from '#redis';
import {
  LIMIT_THRESHOLD,
  RATE_BOUND,
  type SlidingBounds,
  slidingBoundsOf,
  type SlidingWatch,
} from '#watches';
import type { CountersSink } from '../counters.sink.js';
import type { CountingReads } from '../counting.ports.js';

/**
 * Brings states of sliding counters forward to what the outbox remembers, so that what fired before a loss of Redis does
 * not fire again under another number, and its recovery is told. Harmless when nothing was lost.
 */
export async function restoreStates(
  ports: Pick<CountingReads, 'raised' | 'partitions'>,
  sink: CountersSink,
  project: string,
  watches: readonly SlidingWatch[],
  nowMs: number,
): Promise<void> {
  if (watches.length === 0) return;
  const byId = new Map(watches.map((compiled) => [compiled.watch.id, compiled]));
  const known = new Map<string, KnownState[]>();
  for (const alert of await ports.raised.lastOf(project, [...byId.keys()])) {
    const compiled = byId.get(alert.watch);
    if (!compiled) continue;
    const states = known.get(alert.watch) ?? [];
    known.set(alert.watch, states);
    states.push(stateBehind(alert, compiled, slidingBoundsOf(compiled, nowMs)));
  }
  for (const [watchId, states] of known)
    await sink.restore(project, watchId, states, ports.partitions);
}

/** The state that a counter had right behind its last alert. */
export function stateBehind(
  alert: WatchAlert,
  compiled: SlidingWatch,
  bounds: SlidingBounds | null,
): KnownState {
  const { counter: key, threshold, raisedAt: since } = alert;
  const isRecovered = alert.type.endsWith('.recovered');
  const arming = isRecovered ? alert.arming + 1 : alert.arming;
  if (compiled.rate !== null)
    return { key, reached: isRecovered ? [] : [RATE_BOUND], arming, since, limitsArming: 0 };
  // Under other limits than then, what is reached is raised anew: by an arming number of limits that no limits have.
  const isSame = bounds !== null && bounds.limitText === alert.limit;
  const limitsArming = isSame ? bounds.limitsArming : 0;
  const thresholds = bounds?.measured.by === 'amount' ? bounds.measured.thresholds : [];
  if (isRecovered) {
    const value = unitsFromDecimal(alert.value, compiled.meter.unit);
    const held = thresholds.filter(
      ({ name, amount }) => name !== LIMIT_THRESHOLD && amount <= value,
    );
    return { key, reached: held.map(({ name }) => name), arming, since, limitsArming };
  }
  // Thresholds are told of in their order: what lies above this one was reached by the same usage perhaps, but not told of.
  const last = thresholds.findIndex(({ name }) => name === threshold);
  const told = thresholds.slice(0, last + 1).map(({ name }) => name);
  return { key, reached: last === -1 ? [threshold] : told, arming, since, limitsArming };
}
