import type { SlidingSum, UsageSum, UsageSumAsked } from '#clickhouse';
import { type CompiledBudget, isSliding, openWindows, type SlidingWatch } from '#watches';
import type { CounterDelta } from '../count-items.js';
import type { CountingReads } from '../counting.ports.js';
import { spanOf } from './opened-gaps.js';
import type { SeedPart, SeedSlice } from './seed-slice.js';

/** A sum, and the watches that it is added to. */
export interface SliceSum {
  parts: readonly SeedPart[];
  deltaFor(part: SeedPart): CounterDelta;
}

type StoredPort = CountingReads['stored'];

/** The stored usage of a slice as it is read, some sums at a time; those of one part always in the same order. */
export async function* sliceSums(
  stored: StoredPort,
  project: string,
  slice: SeedSlice,
  toMs: number,
): AsyncGenerator<SliceSum[], void, void> {
  const { parts, gap } = slice;
  const time = { fromMs: gap.atMs, toMs };
  if (parts[0]!.compiled.budget === null) {
    for (const part of parts) yield* sumsOfRate(stored, project, part, time);
    return;
  }
  const asked = parts.map((part) => ({ ...askedOf(project, part), slice: time }));
  for await (const placed of stored.sums(asked)) {
    yield placed.map(({ sum, places }) => ({
      parts: places.map((place) => parts[place]!),
      deltaFor: ({ compiled }) => deltaOf(compiled as CompiledBudget, sum),
    }));
  }
}

function askedOf(project: string, { state, compiled, seeding }: SeedPart): UsageSumAsked {
  const { cluster, from, below, later, asOfMs } = seeding.gaps[0]!;
  const { partition } = state.owner;
  const { on, scope, per } = (compiled as CompiledBudget).budget;
  const times = isSliding(compiled)
    ? {
        windows: [spanOf(compiled, asOfMs)],
        everyMs: compiled.bucketMs,
        byReceipt: true,
      }
    : openWindows(compiled, asOfMs);
  return { project, on, scope, per, ...times, partition, cluster, from, below, except: later };
}

async function* sumsOfRate(
  stored: StoredPort,
  project: string,
  part: SeedPart,
  slice: { fromMs: number; toMs: number },
): AsyncGenerator<SliceSum[], void, void> {
  const { on, scope, per } = part.compiled.watch;
  const compiled = part.compiled as SlidingWatch;
  const { cluster, from, below, later: except, asOfMs } = part.seeding.gaps[0]!;
  const { partition } = part.state.owner;
  const { startMs: fromMs, endMs: toMs } = spanOf(compiled, asOfMs);
  const { bucketMs } = compiled;
  const origin = { partition, cluster, from, below, except };
  const asked = { project, on, scope, per, ...origin, bucketMs, fromMs, toMs, slice };
  for await (const sums of stored.slidingSums(asked)) {
    yield sums.map((sum) => ({ parts: [part], deltaFor: () => deltaOfBucket(compiled, sum) }));
  }
}

const NO_BINS = new Map<number, number>();

function deltaOf(compiled: CompiledBudget, sum: UsageSum): CounterDelta {
  const { windowStartMs, key, amount, lastEventTime: eventTime, lastReceivedAt: receivedAt } = sum;
  const window = compiled.windows.of(windowStartMs);
  return { compiled, window, key, amount, eventTime, receivedAt, events: 0, bins: NO_BINS };
}

function deltaOfBucket(compiled: SlidingWatch, sum: SlidingSum): CounterDelta {
  const { bucketStartMs, key, amount, events, bins, lastEventTime: eventTime } = sum;
  const window = compiled.windows.of(bucketStartMs);
  // No bucket has thresholds of its own, whenever it was received.
  return { compiled, window, key, amount, events, bins, eventTime, receivedAt: eventTime };
}
