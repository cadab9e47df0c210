import type { PricedUsage, WatchDimension } from '#contracts';
import { dimensionOf, meetsScope, scopeEntries } from '#meters';
import type { CompiledWatch } from './compile-watch.js';
import { WatchTargets } from './watch-targets.js';

/**
 * The watches of a project by one dimension of their scope each, the one whose value they share with the fewest others,
 * so that an event looks at few of thousands.
 */
export class WatchIndex {
  readonly all: readonly CompiledWatch[];
  /** The counters that an event belongs to. */
  readonly targets: WatchTargets;
  private readonly unscoped: CompiledWatch[] = [];
  private readonly byValue = new Map<WatchDimension, Map<string, CompiledWatch[]>>();

  constructor(watches: Iterable<CompiledWatch>) {
    this.all = [...watches];
    const shared = new Map<string, number>();
    for (const [dimension, value] of this.all.flatMap(({ watch }) => scopeEntries(watch.scope))) {
      const pair = `${dimension}\0${value}`;
      shared.set(pair, (shared.get(pair) ?? 0) + 1);
    }
    for (const compiled of this.all) {
      const [chosen] = scopeEntries(compiled.watch.scope).sort(
        ([a, aValue], [b, bValue]) =>
          shared.get(`${a}\0${aValue}`)! - shared.get(`${b}\0${bValue}`)!,
      );
      if (!chosen) {
        this.unscoped.push(compiled);
        continue;
      }
      const [dimension, value] = chosen;
      const values = this.byValue.get(dimension) ?? new Map<string, CompiledWatch[]>();
      this.byValue.set(dimension, values);
      const sharing = values.get(value);
      if (sharing) sharing.push(compiled);
      else values.set(value, [compiled]);
    }
    this.targets = new WatchTargets(this.all, (usage) => this.match(usage));
  }

  /** Every watch whose scope the event meets. */
  match(usage: PricedUsage): CompiledWatch[] {
    const candidates = [...this.byValue].flatMap(([dimension, values]) =>
      dimensionOf(dimension)
        .valuesOf(usage)
        .flatMap((value) => values.get(value) ?? []),
    );
    return [...this.unscoped, ...candidates.filter(({ watch }) => meetsScope(watch.scope, usage))];
  }
}
