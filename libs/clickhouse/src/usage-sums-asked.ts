import type { Scope, WatchDimension } from '#contracts';
import type { BudgetMeasure } from '#meters';
import type { EventSlice } from './event-slice.js';
import type { OriginRange } from './origin-range.js';

/** Stored usage of one partition in a scope: what a watch has to count, by window and counter key. */
export interface UsageSumAsked {
  project: string;
  on: BudgetMeasure;
  scope: Scope;
  per: readonly WatchDimension[];
  /** In milliseconds since the epoch, in order, without gaps. The last may have no end. */
  windows: readonly { startMs: number; endMs: number }[];
  /** Sums by whole stretches of this length since the epoch, inside `windows`: where windows are too many to be listed. */
  everyMs?: number;
  /** What claims to come from the future counts at its receipt, as sliding watches have it. */
  byReceipt?: boolean;
  partition: number;
  /** Positions of `cluster`, from inclusive, below exclusive. Without `from`, all of other clusters count as well. */
  cluster: string;
  from: bigint | null;
  below: bigint;
  /** Clusters that came later and count by themselves: see `originSql`. */
  except?: readonly string[];
  /** Events of this time alone: the sums of all slices together are those of `windows`. */
  slice?: EventSlice;
}

/** What one query answers: sums that differ in their scope's values and in their partition, and in nothing else. */
export interface AskedTogether {
  like: UsageSumAsked;
  dimensions: WatchDimension[];
  ranges: Map<number, OriginRange>;
  /** Places in the request, by partition and scope values. */
  places: Map<string, { values: string[]; places: number[] }>;
}

const names = new WeakMap<UsageSumAsked['windows'], string>();

/** Thousands of watches share a few lists of hundreds of windows. */
function nameOf(windows: UsageSumAsked['windows']): string {
  const known = names.get(windows);
  if (known !== undefined) return known;
  const name = windows.map(({ startMs, endMs }) => `${startMs} ${endMs}`).join();
  names.set(windows, name);
  return name;
}

/** As few queries as answer all of it. */
export function askedTogether(asked: readonly UsageSumAsked[]): AskedTogether[] {
  const byShape = new Map<string, AskedTogether[]>();
  asked.forEach((one, place) => {
    const { project, on, per, windows, partition, cluster, from, below, except = [] } = one;
    if (windows.length === 0) return;
    const dimensions = (Object.keys(one.scope) as WatchDimension[]).sort();
    const spans = [nameOf(windows), one.everyMs, one.byReceipt, one.slice];
    const origin = [cluster, except, from === null];
    const shape = JSON.stringify([project, on, per, dimensions, spans, origin]);
    const alike = byShape.get(shape) ?? [];
    byShape.set(shape, alike);
    let together = alike.find(({ ranges }) => {
      const range = ranges.get(partition);
      return range === undefined || (range.from === from && range.below === below);
    });
    if (!together) {
      together = { like: one, dimensions, ranges: new Map(), places: new Map() };
      alike.push(together);
    }
    together.ranges.set(partition, { partition, from, below });
    const values = dimensions.map((dimension) => one.scope[dimension]!);
    const group = JSON.stringify([partition, ...values]);
    const known = together.places.get(group);
    if (known) known.places.push(place);
    else together.places.set(group, { values, places: [place] });
  });
  return [...byShape.values()].flat();
}
