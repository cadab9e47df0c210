import {
  type Budget,
  compileBudget,
  type CompiledBudget,
  type CompiledWatch,
  compileIfSound,
  compileRate,
  type Rate,
  WatchIndex,
} from '#watches';

/** A change may be committed behind one with a higher number: the last ones are read again. */
const CHANGES_AGAIN = 100n;

/** Definitions of watches, by their number of change, deleted ones included. */
export interface WatchChangesPort {
  changedSince(change: bigint): Promise<{ budgets: Budget[]; rates: Rate[] }>;
}

export interface RemovedWatch {
  project: string;
  watchId: string;
}

/** A watch by which nothing is counted, because it cannot be computed. */
export interface SetAsideWatch {
  watch: Budget | Rate;
  reason: string;
}

/**
 * The budgets and rates of every project, compiled, as they were defined at the last refresh. One that cannot be computed
 * is set aside, so that those beside it go on.
 */
export class WatchBook {
  private readonly watches = new Map<string, Map<string, CompiledWatch>>();
  private readonly indexes = new Map<string, WatchIndex>();
  private readonly seen = new Map<string, bigint>();
  private readonly removedWatches = new Set<RemovedWatch>();
  private readonly asideWatches = new Map<string, SetAsideWatch>();
  private change = 0n;

  constructor(private readonly changes: WatchChangesPort) {}

  /** Takes up what changed since the last time. */
  async refresh(): Promise<void> {
    const { budgets, rates } = await this.changes.changedSince(this.change - CHANGES_AGAIN);
    for (const budget of budgets) this.take(budget, () => compileBudget(budget));
    for (const rate of rates) this.take(rate, () => compileRate(rate));
  }

  /** Null for a project without watches. */
  of(project: string): WatchIndex | null {
    const watches = this.watches.get(project);
    if (!watches || watches.size === 0) return null;
    const index = this.indexes.get(project) ?? new WatchIndex(watches.values());
    this.indexes.set(project, index);
    return index;
  }

  /** Every project that has watches or had some: what they raised last may still wait. */
  projects(): string[] {
    return [...this.watches.keys()];
  }

  budgetsOf(project: string): CompiledBudget[] {
    const all = this.of(project)?.all ?? [];
    return all.filter((compiled): compiled is CompiledBudget => compiled.budget !== null);
  }

  find(project: string, watchId: string): CompiledWatch | null {
    return this.watches.get(project)?.get(watchId) ?? null;
  }

  /** The watches whose deletion was read and that are not let go of. */
  get removed(): readonly RemovedWatch[] {
    return [...this.removedWatches];
  }

  get setAside(): readonly SetAsideWatch[] {
    return [...this.asideWatches.values()];
  }

  letGo(watches: readonly RemovedWatch[]): void {
    for (const watch of watches) this.removedWatches.delete(watch);
  }

  private take(watch: Budget | Rate, compile: () => CompiledWatch): void {
    const { id, project, change } = watch;
    if (change > this.change) this.change = change;
    if (this.seen.get(id) === change) return;
    this.seen.set(id, change);
    const ofProject = this.watches.get(project) ?? new Map<string, CompiledWatch>();
    this.watches.set(project, ofProject);
    this.indexes.delete(project);
    this.asideWatches.delete(id);
    if (watch.deleted_at !== null) {
      ofProject.delete(id);
      this.removedWatches.add({ project, watchId: id });
      return;
    }
    const compiled = compileIfSound(compile);
    if ('refused' in compiled) {
      ofProject.delete(id);
      this.asideWatches.set(id, { watch, reason: compiled.refused });
    } else {
      ofProject.set(id, compiled);
    }
  }
}
