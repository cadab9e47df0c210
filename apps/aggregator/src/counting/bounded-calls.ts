import type { UsageRow } from '#clickhouse';
import type { CompiledWatch } from '#watches';
import type { CounterDelta } from './count-items.js';

/** Redis does one call at a time: one of this size keeps it for some tens of milliseconds. */
const DELTAS_OF_A_CALL = 5_000;
export const ROWS_OF_A_FIRST_CALL = 300;
const ROWS_OF_A_CALL_MAX = 10_000;

/** How many rows make one call, from what the last ones came to: the more rows, the more of them meet in one counter. */
export function rowsOfACall(rows: number, deltas: number): number {
  const fitting = Math.floor((rows * DELTAS_OF_A_CALL) / Math.max(1, deltas));
  return Math.min(Math.max(1, fitting), ROWS_OF_A_CALL_MAX);
}

/** Rows of a partition in their order, cut between positions; `next` is the first position behind a part. */
export function* partsOf(
  rows: readonly UsageRow[],
  decidedTo: bigint,
  rowsMax: () => number,
): Generator<{ rows: UsageRow[]; next: bigint }> {
  let part: UsageRow[] = [];
  for (const row of rows) {
    const last = part.at(-1)?.origin.offset;
    if (last !== undefined && last !== row.origin.offset && part.length >= rowsMax()) {
      yield { rows: part, next: BigInt(last) + 1n };
      part = [];
    }
    part.push(row);
  }
  yield { rows: part, next: decidedTo + 1n };
}

/** Watches with all that is to be added to their counters: each whole, as many in one part as one call may hold. */
export function* seedsOf(
  watches: readonly CompiledWatch[],
  deltas: readonly CounterDelta[],
): Generator<{ watches: CompiledWatch[]; deltas: CounterDelta[] }> {
  const byWatch = Map.groupBy(deltas, ({ compiled }) => compiled);
  let part = { watches: [] as CompiledWatch[], deltas: [] as CounterDelta[] };
  for (const watch of watches) {
    const added = byWatch.get(watch) ?? [];
    if (part.deltas.length > 0 && part.deltas.length + added.length > DELTAS_OF_A_CALL) {
      yield part;
      part = { watches: [], deltas: [] };
    }
    part.watches.push(watch);
    for (const delta of added) part.deltas.push(delta);
  }
  if (part.watches.length > 0) yield part;
}
