import type { UsageSumAsked } from '#clickhouse';
import {
  type CompiledBudget,
  type CompiledWatch,
  isSliding,
  openWindows,
  type SlidingWatch,
} from '#watches';
import { BUCKETS_OF_A_SPAN } from '#windows';
import type { CounterDelta } from './count-items.js';
import type { CountingReads } from './counting.ports.js';

type SumsPorts = Pick<CountingReads, 'sums' | 'slidingSums'>;

type SumTimes = Pick<UsageSumAsked, 'windows' | 'everyMs' | 'byReceipt'>;

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

function ofWindows(
  ports: SumsPorts,
  budgets: readonly CompiledBudget[],
  extent: StoredExtent,
  nowMs: number,
): Promise<CounterDelta[]> {
  return ofBudgets(ports, budgets, extent, (compiled) => openWindows(compiled, nowMs));
}

/** Rolling budgets of one shape cost one query, as all budgets do; a rate is a query of its own. */
async function ofBuckets(
  ports: SumsPorts,
  watches: readonly SlidingWatch[],
  extent: StoredExtent,
  nowMs: number,
): Promise<CounterDelta[]> {
  const [budgets, rates] = await Promise.all([
    ofBudgets(ports, watches.filter(isBudget), extent, (compiled) => ({
      windows: [spanOf(compiled, nowMs)],
      everyMs: compiled.bucketMs!,
      byReceipt: true,
    })),
    ofRates(
      ports,
      watches.filter((one) => !isBudget(one)),
      extent,
      nowMs,
    ),
  ]);
  return [...budgets, ...rates];
}

async function ofBudgets(
  ports: SumsPorts,
  budgets: readonly CompiledBudget[],
  { project, cluster, partition, from, below }: StoredExtent,
  timesOf: (compiled: CompiledBudget) => SumTimes,
): Promise<CounterDelta[]> {
  if (budgets.length === 0) return [];
  const asked = budgets.map((compiled) => {
    const { on, scope, per } = compiled.budget;
    return { project, on, scope, per, ...timesOf(compiled), partition, cluster, from, below };
  });
  const sums = await ports.sums.sums(asked);
  const nothingElse = { events: 0, bins: new Map<number, number>() };
  return budgets.flatMap((compiled, at) =>
    sums[at]!.filter(({ amount }) => amount > 0n).map(
      ({ windowStartMs, key, amount, lastEventTime: eventTime, lastReceivedAt: receivedAt }) => {
        const window = compiled.windows.of(windowStartMs);
        return { compiled, window, key, amount, eventTime, receivedAt, ...nothingElse };
      },
    ),
  );
}

async function ofRates(
  ports: SumsPorts,
  rates: readonly SlidingWatch[],
  extent: StoredExtent,
  nowMs: number,
): Promise<CounterDelta[]> {
  if (rates.length === 0) return [];
  const asked = rates.map((compiled) => {
    const { on, scope, per } = compiled.watch;
    const { startMs: fromMs, endMs: toMs } = spanOf(compiled, nowMs);
    return { ...extent, on, scope, per, bucketMs: compiled.bucketMs, fromMs, toMs };
  });
  const sums = await ports.slidingSums.sums(asked);
  return rates.flatMap((compiled, at) =>
    sums[at]!.map(({ bucketStartMs, key, amount, events, bins, lastEventTime: eventTime }) => {
      const window = compiled.windows.of(bucketStartMs);
      // No bucket has thresholds of its own, whenever it was received.
      return { compiled, window, key, amount, events, bins, eventTime, receivedAt: eventTime };
    }),
  );
}

function isBudget(watch: CompiledWatch): watch is SlidingWatch & CompiledBudget {
  return watch.rate === null;
}

/** Whole buckets. Nothing counts later than its receipt: what lies ahead comes from clocks that differ. */
function spanOf({ windows, bucketMs }: CompiledWatch, nowMs: number) {
  const { startMs, endMs } = windows.of(nowMs);
  const restMs = (BUCKETS_OF_A_SPAN - 1) * bucketMs!;
  return { startMs: startMs - restMs, endMs: endMs + restMs };
}
