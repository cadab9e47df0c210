import {
  type CompiledBudget,
  type CompiledWatch,
  isSliding,
  openWindows,
  type SlidingWatch,
} from '#watches';
import { BUCKETS_OF_A_SPAN } from '#windows';
import type { CounterDelta } from './count-items.js';
import type { CountingPorts } from './counting.ports.js';

type SumsPorts = Pick<CountingPorts, 'sums' | 'slidingSums'>;

/** Positions of a partition, `from` inclusive, `below` exclusive. Without `from`, all of other clusters as well. */
export interface StoredExtent {
  project: string;
  cluster: string;
  partition: number;
  from: bigint | null;
  below: bigint;
}

/** What stored usage adds to the counters of watches, in the windows that an event may still fall into. */
export async function storedDeltas(
  ports: SumsPorts,
  watches: readonly CompiledWatch[],
  extent: StoredExtent,
  nowMs: number,
): Promise<CounterDelta[]> {
  const standing = watches.filter((one): one is CompiledBudget => !isSliding(one));
  const sliding = watches.filter(isSliding);
  const [windows, buckets] = await Promise.all([
    ofWindows(ports, standing, extent, nowMs),
    ofBuckets(ports, sliding, extent, nowMs),
  ]);
  return [...windows, ...buckets];
}

async function ofWindows(
  ports: SumsPorts,
  budgets: readonly CompiledBudget[],
  { project, cluster, partition, from, below }: StoredExtent,
  nowMs: number,
): Promise<CounterDelta[]> {
  if (budgets.length === 0) return [];
  const asked = budgets.map((compiled) => {
    const { on, scope, per } = compiled.budget;
    const open = openWindows(compiled, nowMs);
    return { project, on, scope, per, ...open, partition, cluster, from, below };
  });
  const sums = await ports.sums.sums(asked);
  const nothingElse = { events: 0, bins: new Map<number, number>() };
  return budgets.flatMap((compiled, at) =>
    sums[at]!.filter(({ amount }) => amount > 0n).map(
      ({ windowStartMs, key, amount, lastEventTime: eventTime }) => {
        const window = compiled.windows.of(windowStartMs);
        return { compiled, window, key, amount, eventTime, ...nothingElse };
      },
    ),
  );
}

async function ofBuckets(
  ports: SumsPorts,
  watches: readonly SlidingWatch[],
  extent: StoredExtent,
  nowMs: number,
): Promise<CounterDelta[]> {
  if (watches.length === 0) return [];
  const asked = watches.map(({ watch, bucketMs, windows }) => {
    const { on, scope, per } = watch;
    const { startMs } = windows.of(nowMs);
    return {
      ...extent,
      on,
      scope,
      per,
      bucketMs,
      fromMs: startMs - (BUCKETS_OF_A_SPAN - 1) * bucketMs,
      // Nothing counts later than its receipt: what lies ahead comes from clocks that differ.
      toMs: startMs + BUCKETS_OF_A_SPAN * bucketMs,
    };
  });
  const sums = await ports.slidingSums.sums(asked);
  return watches.flatMap((compiled, at) =>
    sums[at]!.map(({ bucketStartMs, key, amount, events, bins, lastEventTime: eventTime }) => {
      const window = compiled.windows.of(bucketStartMs);
      return { compiled, window, key, amount, events, bins, eventTime };
    }),
  );
}
