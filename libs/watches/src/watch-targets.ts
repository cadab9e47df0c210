import type { PricedUsage, WatchDimension } from '#contracts';
import { counterKeysOf, countOfCounters, type Dimension, dimensionOf } from '#meters';
import type { CompiledWatch } from './compile-watch.js';
import { measuresLike } from './sample-usage.js';

/** One counter of one watch: the same object whenever events meet the same counter, so that sums can be kept by it. */
export interface WatchTarget {
  compiled: CompiledWatch;
  /** Canonical JSON of the counter key. */
  key: string;
}

/** Counters that measure an event alike and count it in windows alike: both are worked out once for all of them. */
export interface TargetGroup {
  like: CompiledWatch;
  targets: readonly WatchTarget[];
}

/** Of one project. Values are as long as their senders make them, so it is bytes that are counted. */
const REMEMBERED_BYTES_MAX = 64 * 1024 * 1024;
/** What an entry takes besides its characters, of two bytes each. */
const ENTRY_BYTES = 200;

/**
 * What events add to, remembered by the values that decide it: events come again and again with the customers, models and
 * tags of those before, and matching and writing keys anew for each would cost more than all the rest of counting.
 */
export class WatchTargets {
  private readonly dimensions: readonly Dimension[];
  private readonly remembered = new Map<string, readonly TargetGroup[]>();
  private readonly interned = new Map<CompiledWatch, Map<string, WatchTarget>>();
  private remembers = 0;

  constructor(
    watches: readonly CompiledWatch[],
    private readonly match: (usage: PricedUsage) => CompiledWatch[],
    private readonly bytesMax = REMEMBERED_BYTES_MAX,
  ) {
    const decisive = watches.flatMap(({ watch }) => [
      ...(Object.keys(watch.scope) as WatchDimension[]),
      ...watch.per,
    ]);
    this.dimensions = [...new Set(decisive)].map(dimensionOf);
  }

  /**
   * Every counter that the event belongs to, those of one measure in a row. Null where there are more than `countersMax`,
   * which is known before any of them is made: budgets times tags of an event are as many as a customer likes.
   */
  of(usage: PricedUsage, countersMax: number): readonly TargetGroup[] | null {
    const values = this.decisiveValuesOf(usage);
    const known = this.remembered.get(values);
    if (known) return known;
    const matching = this.match(usage);
    if (countOf(matching, usage) > countersMax) return null;
    const groups = this.groupsOf(matching, usage);
    const bytes = bytesOf(values, groups);
    if (this.remembers + bytes > this.bytesMax) this.forget();
    if (bytes > this.bytesMax) return groups;
    this.remembers += bytes;
    this.remembered.set(values, groups);
    return groups;
  }

  /** About what it remembers, never less. */
  get bytes(): number {
    return this.remembers;
  }

  forget(): void {
    this.remembered.clear();
    this.interned.clear();
    this.remembers = 0;
  }

  /** Two events have the same text if and only if no watch can tell them apart. */
  private decisiveValuesOf(usage: PricedUsage): string {
    let text = '';
    for (const dimension of this.dimensions) {
      for (const value of dimension.valuesOf(usage)) text += `${value.length}:${value}`;
      text += ';';
    }
    return text;
  }

  private groupsOf(matching: readonly CompiledWatch[], usage: PricedUsage): TargetGroup[] {
    const groups: { like: CompiledWatch; targets: WatchTarget[] }[] = [];
    for (const compiled of matching) {
      let group = groups.find(({ like }) => areAlike(like, compiled));
      if (!group) {
        group = { like: compiled, targets: [] };
        groups.push(group);
      }
      for (const key of counterKeysOf(compiled.watch.per, usage))
        group.targets.push(this.target(compiled, key));
    }
    return groups.toSorted((a, b) => (a.like.watch.on < b.like.watch.on ? -1 : 1));
  }

  private target(compiled: CompiledWatch, key: string): WatchTarget {
    const ofWatch = this.interned.get(compiled) ?? new Map<string, WatchTarget>();
    this.interned.set(compiled, ofWatch);
    const target = ofWatch.get(key) ?? { compiled, key };
    ofWatch.set(key, target);
    return target;
  }
}

function countOf(watches: readonly CompiledWatch[], usage: PricedUsage): number {
  return watches.reduce((count, { watch }) => count + countOfCounters(watch.per, usage), 0);
}

function bytesOf(values: string, groups: readonly TargetGroup[]): number {
  const counters = groups.flatMap(({ targets }) => targets);
  const characters = counters.reduce((sum, { key }) => sum + key.length, values.length);
  return ENTRY_BYTES * (1 + groups.length + counters.length) + 2 * characters;
}

function areAlike(one: CompiledWatch, other: CompiledWatch): boolean {
  return one.windows === other.windows && measuresLike(one, other);
}
