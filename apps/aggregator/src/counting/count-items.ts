import type { UsageRow } from '#clickhouse';
import { type CompiledWatch, countedAtMs, counterKeysOf, sampleOf } from '#watches';
import type { TimeWindow } from '#windows';

/** What is to be added to one counter of one window of one watch; of a sliding watch, of one bucket. */
export interface CounterDelta {
  compiled: CompiledWatch;
  window: TimeWindow;
  /** Canonical JSON of the counter key. */
  key: string;
  /** Pico-dollars of cost, else whole counts; of an error share, the errors. */
  amount: bigint;
  events: number;
  /** Events by bin of their latency. */
  bins: Map<number, number>;
  /** Of the last event that adds to it. */
  eventTime: string;
}

/** Sums rows into the counters that `match` finds for them. Rows that change nothing are left out. */
export function countItems(
  rows: Iterable<UsageRow>,
  match: (row: UsageRow) => Iterable<CompiledWatch>,
): CounterDelta[] {
  const deltas = new Map<string, CounterDelta>();
  for (const row of rows) {
    const { usage } = row;
    for (const compiled of match(row)) {
      const sample = sampleOf(compiled, usage);
      if (sample === null) continue;
      const window = compiled.windows.of(countedAtMs(compiled, usage));
      for (const key of counterKeysOf(compiled, usage)) {
        const counter = `${compiled.definition} ${window.startMs} ${key}`;
        const delta = deltas.get(counter) ?? emptyDelta(compiled, window, key);
        deltas.set(counter, delta);
        delta.amount += sample.amount;
        delta.events += 1;
        delta.eventTime = usage.event_time;
        const { latencyBin: bin } = sample;
        if (bin !== null) delta.bins.set(bin, (delta.bins.get(bin) ?? 0) + 1);
      }
    }
  }
  return [...deltas.values()];
}

function emptyDelta(compiled: CompiledWatch, window: TimeWindow, key: string): CounterDelta {
  return { compiled, window, key, amount: 0n, events: 0, bins: new Map(), eventTime: '' };
}
