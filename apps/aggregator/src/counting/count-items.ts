import type { UsageRow } from '#clickhouse';
import { amountOfUsage, type CompiledBudget, counterKeysOf } from '#watches';
import type { TimeWindow } from '#windows';

/** What is to be added to one counter of one window of one budget. */
export interface CounterDelta {
  compiled: CompiledBudget;
  window: TimeWindow;
  /** Canonical JSON of the counter key. */
  key: string;
  /** Pico-dollars of cost, else whole counts. */
  amount: bigint;
  /** Of the last event that adds to it. */
  eventTime: string;
}

/** Sums rows into the counters that `match` finds for them. Amounts of zero change nothing and are left out. */
export function countItems(
  rows: Iterable<UsageRow>,
  match: (row: UsageRow) => Iterable<CompiledBudget>,
): CounterDelta[] {
  const deltas = new Map<string, CounterDelta>();
  for (const row of rows) {
    const { usage } = row;
    for (const compiled of match(row)) {
      const amount = amountOfUsage(compiled.budget, usage);
      if (amount === 0n) continue;
      const window = compiled.windows.of(Date.parse(usage.event_time));
      for (const key of counterKeysOf(compiled.budget, usage)) {
        const counter = `${compiled.definition} ${window.startMs} ${key}`;
        const delta = deltas.get(counter);
        if (delta) {
          delta.amount += amount;
          delta.eventTime = usage.event_time;
        } else {
          deltas.set(counter, { compiled, window, key, amount, eventTime: usage.event_time });
        }
      }
    }
  }
  return [...deltas.values()];
}
