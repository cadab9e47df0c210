import { BUCKETS_AHEAD, BUCKETS_OF_A_SPAN, type TimeWindow } from '#windows';
import { type CompiledWatch, isSliding } from './compile-watch.js';

/** What counters hold at a moment: a window of their own, or of a sliding watch the buckets that are summed. */
export interface CountedSpan extends TimeWindow {
  windowStarts: number[];
}

export function countedSpan(compiled: CompiledWatch, nowMs: number): CountedSpan {
  const { startMs, endMs } = compiled.windows.of(nowMs);
  if (!isSliding(compiled)) return { startMs, endMs, windowStarts: [startMs] };
  const { bucketMs } = compiled;
  const firstMs = startMs - (BUCKETS_OF_A_SPAN - 1) * bucketMs;
  const windowStarts = Array.from(
    { length: BUCKETS_OF_A_SPAN + BUCKETS_AHEAD },
    (_, place) => firstMs + place * bucketMs,
  );
  return { startMs: firstMs, endMs, windowStarts };
}
