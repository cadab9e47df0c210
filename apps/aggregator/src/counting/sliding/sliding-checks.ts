import { LATENCY_BIN_GROWTH } from '#meters';
import type { SlidingCheck } from '#redis';
import {
  isSliding,
  LIMIT_THRESHOLD,
  RATE_BOUND,
  slidingBoundsOf,
  type SlidingWatch,
} from '#watches';
import { contextOfSliding } from '../../alerting/watch-context.js';
import type { CounterDelta } from '../count-items.js';
import { KEYS_OF_A_WATCH_MAX } from '../counter-group.js';

const HOUR_MS = 3_600_000;

/** What holds the sliding counters that were added to against their bounds: one check a watch. */
export function checksOf(
  deltas: CounterDelta[],
  present: { nowMs: number; partitions: number },
): SlidingCheck[] {
  const touched = new Map<SlidingWatch, Map<string, string>>();
  for (const { compiled, key, eventTime } of deltas) {
    if (!isSliding(compiled)) continue;
    const counters = touched.get(compiled) ?? new Map<string, string>();
    touched.set(compiled, counters.set(key, eventTime));
  }
  return [...touched].flatMap(([compiled, counters]) => {
    const check = checkOf(compiled, present);
    if (check === null) return [];
    return [{ ...check, counters: [...counters].map(([key, eventTime]) => ({ key, eventTime })) }];
  });
}

/** A check of no counters yet; null while the watch is suspended. */
export function checkOf(
  compiled: SlidingWatch,
  { nowMs, partitions }: { nowMs: number; partitions: number },
): SlidingCheck | null {
  const bounds = slidingBoundsOf(compiled, nowMs);
  if (bounds === null) return null;
  const { watch, rate, definition, bucketMs } = compiled;
  return {
    watchId: watch.id,
    definition,
    bucketMs,
    bucketStartMs: compiled.windows.of(nowMs).startMs,
    partitions,
    version: bounds.version,
    limitsArming: bounds.limitsArming,
    measured: bounds.measured,
    boundName: rate === null ? LIMIT_THRESHOLD : RATE_BOUND,
    baselineHourMs: bounds.limitText === null ? Math.floor(nowMs / HOUR_MS) * HOUR_MS : null,
    binGrowth: LATENCY_BIN_GROWTH,
    eventsMin: bounds.eventsMin,
    keysMax: KEYS_OF_A_WATCH_MAX,
    watch: JSON.stringify(contextOfSliding(compiled, bounds)),
    counters: [],
  };
}
