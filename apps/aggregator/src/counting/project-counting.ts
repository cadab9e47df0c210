import type { UsageRow } from '#clickhouse';
import { failpoint } from '#platform';
import type { CounterGroup } from '#redis';
import {
  type CompiledBudget,
  type CompiledWatch,
  isSliding,
  limitsOf,
  type WatchIndex,
} from '#watches';
import { partsOf, ROWS_OF_A_FIRST_CALL, rowsOfACall, seedsOf } from './bounded-calls.js';
import { countItems, type CounterDelta } from './count-items.js';
import { groupsOf, recheckOf } from './counter-group.js';
import type { CountingPorts } from './counting.ports.js';
import { restoreStates } from './restore-states.js';
import { checksOf } from './sliding-checks.js';
import { storedDeltas } from './stored-deltas.js';

/** In place of a revision, of a watch whose bounds are no part of what is seeded. */
const ANY_BOUNDS = 'sliding';

/** What one owner holds of a partition at one moment: rows above `storedTo` up to `decidedTo`, positions of `usage.recorded`. */
export interface CountingSnapshot {
  storedTo: bigint;
  /** Up to here, every project with rows was counted. */
  countedTo: bigint;
  decidedTo: bigint;
  /** The first offset of `usage.priced` that is not decided. */
  readTo: bigint;
  rows: UsageRow[];
}

/**
 * The partition has a later owner; or its mark was moved by another call and has to be adopted anew; or a former owner
 * has seeded a watch that is not in the index, which may be one that was read before the budget was made.
 */
export type CountOutcome = 'counted' | 'other_owner' | 'moved' | 'unknown_watch';

/**
 * One project's counting of one partition by one owner. `mark` is what stands in Redis as far as is known; the watches in
 * `seeded` hold all of the partition's usage below `next`.
 */
export class ProjectCounting {
  mark: string | null = null;
  pendingAlerts = 0;
  private refused = 0;
  private next = 0n;
  private markCluster = '';
  private seeded = new Map<string, string>();
  private sequence = 0;
  private rowsMax = ROWS_OF_A_FIRST_CALL;
  /** Nothing was counted since the mark was adopted: it may stand anywhere. */
  private justAdopted = false;
  /** Nothing recovers before this partition has shown that its mark stands, and counted all that was ever counted. */
  isBehind = false;
  /** Up to this offset of `usage.priced` a former owner may have counted. */
  private levelAt: bigint | null = null;
  private isCounting = false;

  constructor(
    private readonly project: string,
    private readonly owner: { cluster: string; partition: number; epoch: bigint },
    private readonly ports: CountingPorts,
  ) {}

  /** Amounts that were refused for want of room since the last call. */
  takeRefused(): number {
    const { refused } = this;
    this.refused = 0;
    return refused;
  }

  /** Whether rows that were counted for other budgets, or before, are needed to go on. */
  needsAll(index: WatchIndex): boolean {
    return (
      this.mark === null ||
      this.justAdopted ||
      index.all.some(({ definition }) => !this.seeded.has(definition))
    );
  }

  isDue(index: WatchIndex, nowMs: number): boolean {
    return (
      this.needsAll(index) ||
      this.isBehind ||
      index.all.some((one) => this.seeded.get(one.definition) !== revisionOf(one, nowMs))
    );
  }

  /**
   * Brings every watch of the project up to the snapshot. A throw leaves the mark unknown: the next call adopts it. What
   * is to be added belongs to the mark it was worked out under, so a second call is refused while one is under way.
   */
  async count(index: WatchIndex, snapshot: CountingSnapshot, nowMs: number): Promise<CountOutcome> {
    if (this.isCounting) throw new Error(`${this.project} is being counted already`);
    this.isCounting = true;
    try {
      if (this.mark === null) {
        if (!(await this.adopt(index, snapshot, nowMs))) return 'other_owner';
        // Moving the mark on without such a watch would leave it without these rows for ever.
        if (this.hasUnknownSeeds(index)) return 'unknown_watch';
      } else if (!this.justAdopted && this.next <= snapshot.countedTo) {
        // Idle since its mark was set: what others were counted up to held nothing of this project.
        this.next = snapshot.countedTo + 1n;
      }
      const outcome = await this.bringUp(index, snapshot, nowMs);
      if (outcome === 'moved') this.mark = null;
      else this.justAdopted = false;
      return outcome;
    } catch (error) {
      this.mark = null;
      throw error;
    } finally {
      this.isCounting = false;
    }
  }

  private async adopt(
    index: WatchIndex,
    { storedTo }: CountingSnapshot,
    nowMs: number,
  ): Promise<boolean> {
    this.sequence += 1;
    const { project, owner, sequence } = this;
    const adoption = await this.ports.counters.adopt({
      project,
      ...owner,
      position: storedTo + 1n,
      sequence,
    });
    if (adoption === null) return false;
    failpoint('aggregator.after_adopt');
    // Where no mark stands, none fences a former owner. What a later one has stored, it would have passed over as repeats.
    if (!(await this.ports.ownership.isHeld(owner))) return false;
    // Whatever took the mark away may have taken states as well: nothing counts before they are back.
    await restoreStates(this.ports, project, index.all.filter(isSliding), nowMs);
    this.mark = adoption.mark;
    this.next = adoption.next;
    this.markCluster = adoption.cluster;
    this.seeded = adoption.seeded;
    this.justAdopted = true;
    this.isBehind = true;
    this.levelAt = null;
    return true;
  }

  private hasUnknownSeeds(index: WatchIndex): boolean {
    const known = new Set(index.all.map(({ definition }) => definition));
    return [...this.seeded.keys()].some((definition) => !known.has(definition));
  }

  private async bringUp(
    index: WatchIndex,
    { storedTo, decidedTo, readTo, rows }: CountingSnapshot,
    nowMs: number,
  ): Promise<CountOutcome> {
    const isSeeded = ({ definition }: CompiledWatch) => this.seeded.has(definition);
    const call = (next: bigint, deltas: CounterDelta[], extra: Extra = {}) =>
      this.call(next, deltas, extra, nowMs);

    // A mark of another cluster counts positions of another log: of this one, nothing is counted.
    if (this.markCluster !== this.owner.cluster) this.next = 0n;
    // 1. What was stored without having been counted here: behind a loss of Redis, or while the project was idle.
    if (this.next <= storedTo) {
      const watches = index.all.filter(isSeeded);
      const deltas = await this.storedBetween(watches, this.next, storedTo + 1n, nowMs);
      if (!(await call(storedTo + 1n, deltas, { anew: true }))) return 'moved';
    }
    // 2. What is decided and not counted.
    const news = rows.filter(({ origin }) => BigInt(origin.offset) >= this.next);
    if (decidedTo >= this.next) {
      for (const part of partsOf(news, decidedTo, () => this.rowsMax)) {
        const deltas = countItems(part.rows, index, isSeeded);
        if (part.rows.length > 0) this.rowsMax = rowsOfACall(part.rows.length, deltas.length);
        if (!(await call(part.next, deltas))) return 'moved';
      }
    }
    // 3. Watches that do not hold this partition yet. A former owner may have counted further than is decided here.
    const unseeded = index.all.filter((one) => !isSeeded(one));
    if (unseeded.length > 0 && decidedTo + 1n === this.next) {
      const stored = await this.storedBetween(unseeded, null, storedTo + 1n, nowMs);
      const isNew = new Set(unseeded);
      const unstored = rows.filter(({ origin }) => BigInt(origin.offset) > storedTo);
      const decided = countItems(unstored, index, (one) => isNew.has(one));
      for (const { watches, deltas } of seedsOf(unseeded, [...stored, ...decided])) {
        const seeds = watches.map((one) => seedOf(one, nowMs));
        if (!(await call(this.next, deltas, { seeds, anew: true }))) return 'moved';
      }
    }
    // 4. Thresholds that are new since the counters were last held against them.
    const changed = index.all.filter(
      (one): one is CompiledBudget =>
        !isSliding(one) &&
        isSeeded(one) &&
        this.seeded.get(one.definition) !== revisionOf(one, nowMs),
    );
    if (changed.length > 0) {
      const groups = changed.map((one) => {
        const former = this.seeded.get(one.definition)!;
        return recheckOf(one, one.windows.of(nowMs), former, nowMs);
      });
      const seeds = changed.map((one) => seedOf(one, nowMs));
      if (!(await call(this.next, [], { groups, seeds }))) return 'moved';
    }
    // 5. From here on a low sum of this partition is a statement.
    if (this.isBehind && (!index.all.some(isSliding) || (await this.isLevel(readTo)))) {
      if (!(await call(this.next, [], { caughtUp: true }))) return 'moved';
      this.isBehind = false;
    }
    return 'counted';
  }

  /** Whether all is decided that a former owner may have counted before Redis lost it. Asked again when the log does not answer. */
  private async isLevel(readTo: bigint): Promise<boolean> {
    const { log } = this.ports;
    this.levelAt ??= await log.ends().then(
      (ends) => ends.get(this.owner.partition) ?? 0n,
      () => null,
    );
    return this.levelAt !== null && readTo >= this.levelAt;
  }

  private async call(
    next: bigint,
    deltas: CounterDelta[],
    { groups = [], seeds = [], caughtUp = false, anew = false }: Extra,
    nowMs: number,
  ): Promise<boolean> {
    this.sequence += 1;
    const { cluster, epoch, partition } = this.owner;
    // The sequence makes every mark another one, so that a call which is cut off and comes late cannot count twice.
    const mark = `${cluster}|${epoch}|${next}|${this.sequence}`;
    const { project } = this;
    failpoint('aggregator.before_count');
    const answer = await this.ports.counters.count({
      project,
      partition,
      expected: this.mark!,
      next: mark,
      at: new Date(nowMs).toISOString(),
      seeds,
      groups: [...groupsOf(deltas, nowMs, { anew }), ...groups],
      sliding: checksOf(deltas, { nowMs, partitions: this.ports.partitions }),
      caughtUp,
    });
    failpoint('aggregator.after_count');
    if (!answer.applied) return false;
    this.mark = mark;
    this.markCluster = cluster;
    this.next = next;
    this.pendingAlerts = answer.pendingAlerts;
    this.refused += answer.refusedKeys;
    for (const { definition, revision } of seeds) this.seeded.set(definition, revision);
    return true;
  }

  private storedBetween(
    watches: readonly CompiledWatch[],
    from: bigint | null,
    below: bigint,
    nowMs: number,
  ): Promise<CounterDelta[]> {
    const { cluster, partition } = this.owner;
    const extent = { project: this.project, cluster, partition, from, below };
    return storedDeltas(this.ports, watches, extent, nowMs);
  }
}

interface Extra {
  groups?: CounterGroup[];
  seeds?: { definition: string; revision: string }[];
  caughtUp?: boolean;
  /** It may have been counted before. */
  anew?: boolean;
}

function seedOf(compiled: CompiledWatch, nowMs: number) {
  return { definition: compiled.definition, revision: revisionOf(compiled, nowMs) };
}

function revisionOf(compiled: CompiledWatch, nowMs: number): string {
  return isSliding(compiled) ? ANY_BOUNDS : limitsOf(compiled, nowMs).revision;
}
