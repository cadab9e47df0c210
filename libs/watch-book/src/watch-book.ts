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

/** So often everything is read again, whatever was missed and however: five minutes, at two looks a second. */
const LOOKS_OF_A_ROUND = 600;
const MEMO_BYTES_MAX = 256 * 1024 * 1024;

/** Definitions of watches, deleted ones included. */
export interface WatchChangesPort {
  /** Those that changed at or above a place in the order of changes, and from where to go on; at 0, all. */
  changedSince(from: bigint): Promise<{
    budgets: Budget[];
    rates: Rate[];
    /** Of their projects, those that are deleted. */
    ended: string[];
    upTo: bigint;
  }>;
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
  private readonly seen = new Map<string, { project: string; change: bigint }>();
  private readonly removedWatches = new Set<RemovedWatch>();
  private readonly endedProjects = new Set<string>();
  private readonly asideWatches = new Map<string, SetAsideWatch>();
  private upTo = 0n;
  private looks = 0;
  private reading: Promise<unknown> = Promise.resolve();
  private next: Promise<void> | null = null;

  constructor(
    private readonly changes: WatchChangesPort,
    private readonly memoBytesMax = MEMO_BYTES_MAX,
  ) {}

  /** Takes up what changed since the last time. */
  refresh(): Promise<void> {
    if (this.next !== null) return this.next;
    // One look at a time: what was read before is never taken up behind what was read later.
    const next = this.reading.then(() => {
      this.next = null;
      return this.look();
    });
    this.next = next;
    this.reading = next.catch(() => undefined);
    return next;
  }

  private async look(): Promise<void> {
    const isWhole = this.looks % LOOKS_OF_A_ROUND === 0;
    const { budgets, rates, ended, upTo } = await this.changes.changedSince(
      isWhole ? 0n : this.upTo,
    );
    for (const budget of budgets) this.take(budget, () => compileBudget(budget));
    for (const rate of rates) this.take(rate, () => compileRate(rate));
    if (isWhole) this.dropAllBut(new Set([...budgets, ...rates].map(({ id }) => id)));
    for (const project of ended) this.end(project);
    this.upTo = upTo;
    this.looks += 1;
    this.boundMemos();
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

  /** The projects whose end was read and that are not let go of. */
  get ended(): readonly string[] {
    return [...this.endedProjects];
  }

  letGoOf(projects: readonly string[]): void {
    for (const project of projects) this.endedProjects.delete(project);
  }

  letGo(watches: readonly RemovedWatch[]): void {
    for (const watch of watches) this.removedWatches.delete(watch);
  }

  private take(watch: Budget | Rate, compile: () => CompiledWatch): void {
    const { id, project, change } = watch;
    if ((this.seen.get(id)?.change ?? -1n) >= change) return;
    this.seen.set(id, { project, change });
    if (watch.deleted_at !== null) {
      this.remove(project, id);
      return;
    }
    const compiled = compileIfSound(compile);
    if ('refused' in compiled) {
      this.drop(project, id);
      this.asideWatches.set(id, { watch, reason: compiled.refused });
      return;
    }
    this.asideWatches.delete(id);
    this.indexes.delete(project);
    const ofProject = this.watches.get(project) ?? new Map<string, CompiledWatch>();
    this.watches.set(project, ofProject.set(id, compiled));
  }

  /** What is nowhere any more, not even as a deleted row. */
  private dropAllBut(known: ReadonlySet<string>): void {
    for (const [id, { project }] of this.seen) {
      if (known.has(id)) continue;
      this.seen.delete(id);
      if (this.find(project, id) !== null) this.remove(project, id);
      this.asideWatches.delete(id);
    }
    const projects = new Set([...this.seen.values()].map(({ project }) => project));
    for (const project of this.watches.keys())
      if (!projects.has(project)) this.watches.delete(project);
  }

  /** What it raised last is nobody's any more. */
  private end(project: string): void {
    if (this.watches.delete(project)) this.endedProjects.add(project);
    this.indexes.delete(project);
  }

  private remove(project: string, id: string): void {
    if (!this.watches.has(project)) this.watches.set(project, new Map());
    this.drop(project, id);
    this.removedWatches.add({ project, watchId: id });
  }

  private drop(project: string, id: string): void {
    this.watches.get(project)?.delete(id);
    this.asideWatches.delete(id);
    this.indexes.delete(project);
  }

  /** What is remembered of all projects together is bounded as well: the largest are forgotten first. */
  private boundMemos(): void {
    const targets = [...this.indexes.values()].map((index) => index.targets);
    let bytes = targets.reduce((sum, one) => sum + one.bytes, 0);
    for (const one of targets.toSorted((a, b) => b.bytes - a.bytes)) {
      if (bytes <= this.memoBytesMax) return;
      bytes -= one.bytes;
      one.forget();
    }
  }
}
