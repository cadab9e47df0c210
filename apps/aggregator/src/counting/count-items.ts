import type { UsageRow } from '#clickhouse';
import type { UsageSample } from '#meters';
import {
  type CompiledWatch,
  countedAtMs,
  measuresLike,
  sampleOf,
  type TargetGroup,
  type WatchIndex,
  type WatchTarget,
} from '#watches';
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
  /** When the last of it was received. */
  receivedAt: string;
}

/** What the rows of one group of targets sum up to in one window. */
interface WindowSum {
  window: TimeWindow;
  amount: bigint;
  events: number;
  bins: Map<number, number>;
  eventTime: string;
  receivedAt: string;
  /** The place of the last row. */
  last: number;
}

/** Values that are looked at, additions of a row to a sum, or of a sum to a counter: about as long each. */
const WORK_OF_A_SLICE = 2_500;
/** The first row of its kind has its counters found and named. */
const WORK_OF_A_COUNTER = 5;

/** Of watches that measure no latency: never written to. */
const NO_BINS = new Map<number, number>();

/**
 * Sums rows into the counters of those watches that `isWanted` picks, in two steps: rows that no watch can tell apart are
 * summed before they are handed on to each of their counters. Rows that change nothing are left out. Null as soon as
 * it turns out to be more than `countersMax` of all watches, and where one row alone belongs to more. In slices of a few
 * milliseconds each, behind which the caller may let others have their turn.
 */
export function* countItems(
  rows: Iterable<UsageRow>,
  index: WatchIndex,
  isWanted: (compiled: CompiledWatch) => boolean,
  countersMax: number,
): Generator<void, CounterDelta[] | null, void> {
  const deltas = new Map<number, Map<WatchTarget, CounterDelta & { last: number }>>();
  const groups = yield* sumsOfGroups(rows, index, countersMax);
  if (groups === null) return null;
  let work = 0;
  for (const [{ targets }, sums] of groups) {
    for (const sum of sums.values()) {
      const { startMs } = sum.window;
      let ofWindow = deltas.get(startMs);
      if (!ofWindow) deltas.set(startMs, (ofWindow = new Map()));
      for (const target of targets) {
        work += 1;
        if (work % WORK_OF_A_SLICE === 0) yield;
        if (!isWanted(target.compiled)) continue;
        const delta = ofWindow.get(target);
        if (delta) merge(delta, sum);
        else ofWindow.set(target, { ...target, ...sum, bins: copyOf(sum.bins) });
      }
    }
  }
  return [...deltas.values()].flatMap((ofWindow) => [...ofWindow.values()]);
}

function* sumsOfGroups(
  rows: Iterable<UsageRow>,
  index: WatchIndex,
  countersMax: number,
): Generator<void, Map<TargetGroup, Map<number, WindowSum>> | null, void> {
  const groups = new Map<TargetGroup, Map<number, WindowSum>>();
  let last = 0;
  let counters = 0;
  let work = 0;
  for (const { usage } of rows) {
    last += 1;
    if (work >= WORK_OF_A_SLICE) {
      yield;
      work = 0;
    }
    const eventMs = Date.parse(usage.event_time);
    let former: CompiledWatch | null = null;
    let sample: UsageSample | null = null;
    const targets = index.targets.of(usage, countersMax);
    if (targets === null) return null;
    work += 1 + usage.tags.length + targets.length;
    for (const group of targets) {
      if (former === null || !measuresLike(former, group.like))
        sample = sampleOf(group.like, usage);
      former = group.like;
      if (sample === null) continue;
      const window = group.like.windows.of(countedAtMs(group.like, eventMs, usage));
      let sums = groups.get(group);
      if (!sums) groups.set(group, (sums = new Map()));
      let sum = sums.get(window.startMs);
      if (!sum) {
        const bins = sample.latencyBin === null ? NO_BINS : new Map<number, number>();
        sum = { window, amount: 0n, events: 0, bins, eventTime: '', receivedAt: '', last };
        sums.set(window.startMs, sum);
        counters += group.targets.length;
        work += WORK_OF_A_COUNTER * group.targets.length;
        if (counters > countersMax) return null;
      }
      add(sum, sample);
      sum.eventTime = usage.event_time;
      if (usage.received_at > sum.receivedAt) sum.receivedAt = usage.received_at;
      sum.last = last;
    }
  }
  return groups;
}

function add(sum: WindowSum, { amount, latencyBin: bin }: UsageSample): void {
  sum.amount += amount;
  sum.events += 1;
  if (bin !== null) sum.bins.set(bin, (sum.bins.get(bin) ?? 0) + 1);
}

function merge(delta: CounterDelta & { last: number }, sum: WindowSum): void {
  delta.amount += sum.amount;
  delta.events += sum.events;
  for (const [bin, count] of sum.bins) delta.bins.set(bin, (delta.bins.get(bin) ?? 0) + count);
  if (sum.receivedAt > delta.receivedAt) delta.receivedAt = sum.receivedAt;
  if (sum.last < delta.last) return;
  delta.last = sum.last;
  delta.eventTime = sum.eventTime;
}

/** Each counter goes on with bins of its own. */
function copyOf(bins: Map<number, number>): Map<number, number> {
  return bins === NO_BINS ? bins : new Map(bins);
}
