import { type CompiledWatch, isSliding, limitsOf, openWindows, type SlidingWatch } from '#watches';
import { BUCKETS_OF_A_SPAN } from '#windows';
import type { Gap, UnseenRange, WatchSeeding } from './seeding-cursor.js';

const QUARTER_MS = 900_000;
/** No event is later. */
const END_MS = Date.UTC(2200, 0);
/** In place of a revision, of a watch whose bounds are no part of what is seeded. */
export const ANY_BOUNDS = 'sliding';

/** What stands in place of the limits that a watch was held against: it changes whenever they do. */
export function revisionOf(compiled: CompiledWatch, nowMs: number): string {
  return isSliding(compiled) ? ANY_BOUNDS : limitsOf(compiled, nowMs).revision;
}

/** All that is stored below a position, in the windows that an event may still fall into. */
export function seedGap(
  compiled: CompiledWatch,
  { cluster, below }: { cluster: string; below: bigint },
  nowMs: number,
): Gap {
  const asOfMs = quarterOf(nowMs);
  const windows = windowsOf(compiled, asOfMs);
  const atMs = windows[0]!.startMs;
  const lastMs = windows.at(-1)!.endMs;
  // What claims to be of a later time counts at its receipt.
  const endMs = isSliding(compiled) ? END_MS : Math.min(lastMs, END_MS);
  return { cluster, from: null, below, later: [], asOfMs, atMs, endMs, toMs: null, added: 0 };
}

/** What is stored in a range that the mark passed over. Without an extent, whenever it happened. */
export function rangeGap(
  { cluster, from, below }: UnseenRange,
  extent: { firstMs: number; lastMs: number } | null,
  nowMs: number,
): Gap {
  const { firstMs: atMs, lastMs } = extent ?? { firstMs: 0, lastMs: END_MS - 1 };
  const asOfMs = quarterOf(nowMs);
  return { cluster, from, below, later: [], asOfMs, atMs, endMs: lastMs + 1, toMs: null, added: 0 };
}

/** A watch whose seed began behind a range holds it with all else below. */
export function isSeededOver({ gaps }: WatchSeeding, range: UnseenRange): boolean {
  return gaps.some(
    ({ from, cluster, below }) =>
      from === null && cluster === range.cluster && below >= range.below,
  );
}

/** Of a mark of another cluster, gaps leave out what the present one brings: that is counted from its own first position. */
export function withoutCluster(seeding: WatchSeeding, cluster: string): WatchSeeding {
  const gaps = seeding.gaps.map((gap) =>
    gap.cluster === cluster || gap.later.includes(cluster)
      ? gap
      : { ...gap, later: [...gap.later, cluster] },
  );
  return { ...seeding, gaps };
}

/** The windows that the sums of a gap are asked for: of a sliding watch, one that holds its buckets. */
export function windowsOf(
  compiled: CompiledWatch,
  asOfMs: number,
): readonly { startMs: number; endMs: number }[] {
  if (isSliding(compiled)) return [spanOf(compiled, asOfMs)];
  return openWindows(compiled, asOfMs).windows;
}

/** Whole buckets. What lies ahead comes from clocks that differ, and from a seed that lasts. */
export function spanOf({ windows, bucketMs }: SlidingWatch, asOfMs: number) {
  const { startMs } = windows.of(asOfMs);
  return { startMs: startMs - (BUCKETS_OF_A_SPAN - 1) * bucketMs, endMs: END_MS };
}

/** One moment for all that begin at nearly the same: then they are asked for together. */
function quarterOf(nowMs: number): number {
  return Math.floor(nowMs / QUARTER_MS) * QUARTER_MS;
}
