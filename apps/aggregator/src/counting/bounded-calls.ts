import type { UsageRow } from '#clickhouse';
import { isSliding } from '#watches';
import type { CounterDelta } from './count-items.js';

/** Redis does one call at a time. Adding to a counter takes it about 2 µs: a call of this much keeps others waiting for 5 ms. */
const WORK_OF_A_CALL = 2_500;
/** A sliding counter is the sum of sixty buckets, and held against its bounds in the same call. */
const WORK_OF_A_SLIDING_COUNTER = 65;
/** No call is more than this, however few rows it holds: a fifth of a second. */
const WORK_OF_A_CALL_MAX = 100_000;
/** Nor does any name more counters than these. */
export const COUNTERS_OF_A_CALL_MAX = 20_000;
export const ROWS_OF_A_FIRST_CALL = 300;
const ROWS_OF_A_CALL_MAX = 10_000;

/** How long Redis works on these additions, as many to a plain counter. */
export function workOf(deltas: readonly Pick<CounterDelta, 'compiled'>[]): number {
  return deltas.reduce(
    (work, { compiled }) => work + (isSliding(compiled) ? WORK_OF_A_SLIDING_COUNTER : 1),
    0,
  );
}

/** Null where it is more than one call may do. */
export function ofOneCall<T extends Pick<CounterDelta, 'compiled'>>(
  deltas: T[] | null,
): T[] | null {
  return deltas !== null && workOf(deltas) <= WORK_OF_A_CALL_MAX ? deltas : null;
}

/** How many rows make one call, from what the last ones came to: the more rows, the more of them meet in one counter. */
export function rowsOfACall(rows: number, work: number): number {
  const fitting = Math.floor((rows * WORK_OF_A_CALL) / Math.max(1, work));
  return Math.min(Math.max(1, fitting), ROWS_OF_A_CALL_MAX);
}

/** Rows of one call: whole positions, in their order. */
export interface RowsPart {
  rows: UsageRow[];
  /** The first position behind them; null when none follows. */
  next: bigint | null;
  isOnePosition: boolean;
}

/** So many of the rows from `start` on, or as many more as the last position has. */
export function partFrom(rows: readonly UsageRow[], start: number, rowsMax: number): RowsPart {
  let end = start;
  while (end < rows.length && (end - start < rowsMax || isInside(rows, end))) end += 1;
  const part = rows.slice(start, end);
  const last = part.at(-1);
  return {
    rows: part,
    next: end < rows.length && last ? BigInt(last.origin.offset) + 1n : null,
    isOnePosition: last?.origin.offset === part[0]?.origin.offset,
  };
}

/**
 * How many rows to try where a part of so many at most turned out to be too much. Less than was asked for, not only less than
 * the part has: where its last position filled it up, half of it may be the same part again.
 */
export function fewerRows(rowsMax: number, { rows }: RowsPart): number {
  return Math.max(1, Math.floor(Math.min(rowsMax, rows.length) / 2));
}

/** Whether a row lies in the position of the one before it. */
function isInside(rows: readonly UsageRow[], at: number): boolean {
  return at > 0 && rows[at]!.origin.offset === rows[at - 1]!.origin.offset;
}
