import type { UsageRow } from '#clickhouse';
import { failpoint } from '#platform';
import {
  type BudgetIndex,
  type BudgetLimits,
  type CompiledBudget,
  limitsOf,
  openWindows,
} from '#watches';
import { countItems, type CounterDelta } from './count-items.js';
import { groupsOf, recheckOf } from './counter-group.js';
import type { CountingPorts } from './counting.ports.js';

/** What one owner holds of a partition at one moment: rows above `storedTo` up to `decidedTo`, positions of `usage.recorded`. */
export interface CountingSnapshot {
  storedTo: bigint;
  /** Up to here, every project with rows was counted. */
  countedTo: bigint;
  decidedTo: bigint;
  rows: UsageRow[];
}

/**
 * The partition has a later owner; or its mark was moved by another call and has to be adopted anew; or a former owner
 * has seeded a budget that is not in the index, which may be one that was read before the budget was made.
 */
export type CountOutcome = 'counted' | 'other_owner' | 'moved' | 'unknown_budget';

/**
 * One project's counting of one partition by one owner. `mark` is what stands in Redis as far as is known; the budgets in
 * `seeded` hold all of the partition's usage below `next`.
 */
export class ProjectCounting {
  mark: string | null = null;
  pendingAlerts = 0;
  refusedKeys = 0;
  private next = 0n;
  private markCluster = '';
  private seeded = new Map<string, string>();
  private sequence = 0;
  /** Nothing was counted since the mark was adopted: it may stand anywhere. */
  private justAdopted = false;

  constructor(
    private readonly project: string,
    private readonly owner: { cluster: string; partition: number; epoch: bigint },
    private readonly ports: CountingPorts,
  ) {}

  /** Whether rows that were counted for other budgets, or before, are needed to go on. */
  needsAll(index: BudgetIndex): boolean {
    return (
      this.mark === null ||
      this.justAdopted ||
      index.all.some(({ definition }) => !this.seeded.has(definition))
    );
  }

  isDue(index: BudgetIndex, nowMs: number): boolean {
    return (
      this.needsAll(index) ||
      index.all.some((one) => this.seeded.get(one.definition) !== limitsOf(one, nowMs).revision)
    );
  }

  /** Brings every budget of the project up to the snapshot. A throw leaves the mark unknown: the next call adopts it. */
  async count(
    index: BudgetIndex,
    snapshot: CountingSnapshot,
    nowMs: number,
  ): Promise<CountOutcome> {
    try {
      if (this.mark === null) {
        if (!(await this.adopt(snapshot))) return 'other_owner';
        // Moving the mark on without such a budget would leave it without these rows for ever.
        if (this.hasUnknownSeeds(index)) return 'unknown_budget';
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
    }
  }

  private async adopt({ storedTo }: CountingSnapshot): Promise<boolean> {
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
    this.mark = adoption.mark;
    this.next = adoption.next;
    this.markCluster = adoption.cluster;
    this.seeded = adoption.seeded;
    this.justAdopted = true;
    return true;
  }

  private hasUnknownSeeds(index: BudgetIndex): boolean {
    const known = new Set(index.all.map(({ definition }) => definition));
    return [...this.seeded.keys()].some((definition) => !known.has(definition));
  }

  private async bringUp(
    index: BudgetIndex,
    { storedTo, decidedTo, rows }: CountingSnapshot,
    nowMs: number,
  ): Promise<CountOutcome> {
    const limits = new Map(index.all.map((one) => [one.definition, limitsOf(one, nowMs)]));
    const limitsFor = ({ definition }: CompiledBudget) => limits.get(definition)!;
    const isSeeded = ({ definition }: CompiledBudget) => this.seeded.has(definition);
    const call = async (next: bigint, deltas: CounterDelta[], extra: Extra = {}) =>
      this.call(next, [...groupsOf(deltas, limitsFor), ...(extra.groups ?? [])], extra.seeds);

    // A mark of another cluster counts positions of another log: of this one, nothing is counted.
    if (this.markCluster !== this.owner.cluster) this.next = 0n;
    // 1. What was stored without having been counted here: behind a loss of Redis, or while the project was idle.
    if (this.next <= storedTo) {
      const budgets = index.all.filter(isSeeded);
      const deltas = await this.storedSums(budgets, this.next, storedTo + 1n, nowMs);
      if (!(await call(storedTo + 1n, deltas))) return 'moved';
    }
    // 2. What is decided and not counted.
    const news = rows.filter(({ origin }) => BigInt(origin.offset) >= this.next);
    if (decidedTo >= this.next) {
      const deltas = countItems(news, ({ usage }) => index.match(usage).filter(isSeeded));
      if (!(await call(decidedTo + 1n, deltas))) return 'moved';
    }
    // 3. Budgets that do not hold this partition yet. A former owner may have counted further than is decided here.
    const unseeded = index.all.filter((one) => !isSeeded(one));
    if (unseeded.length > 0 && decidedTo + 1n === this.next) {
      const stored = await this.storedSums(unseeded, null, storedTo + 1n, nowMs);
      const isNew = new Set(unseeded);
      const unstored = rows.filter(({ origin }) => BigInt(origin.offset) > storedTo);
      const decided = countItems(unstored, ({ usage }) =>
        index.match(usage).filter((one) => isNew.has(one)),
      );
      const seeds = unseeded.map((one) => seedOf(one, limitsFor(one)));
      if (!(await call(this.next, [...stored, ...decided], { seeds }))) return 'moved';
    }
    // 4. Thresholds that are new since the counters were last held against them.
    const changed = index.all.filter(
      (one) => isSeeded(one) && this.seeded.get(one.definition) !== limitsFor(one).revision,
    );
    if (changed.length > 0) {
      const groups = changed.map((one) =>
        recheckOf(
          one,
          one.windows.of(nowMs),
          limitsFor(one),
          this.seeded.get(one.definition)!,
          nowMs,
        ),
      );
      const seeds = changed.map((one) => seedOf(one, limitsFor(one)));
      if (!(await call(this.next, [], { groups, seeds }))) return 'moved';
    }
    return 'counted';
  }

  private async call(
    next: bigint,
    groups: ReturnType<typeof groupsOf>,
    seeds: { definition: string; revision: string }[] = [],
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
      seeds,
      groups,
    });
    failpoint('aggregator.after_count');
    if (!answer.applied) return false;
    this.mark = mark;
    this.markCluster = cluster;
    this.next = next;
    this.pendingAlerts = answer.pendingAlerts;
    this.refusedKeys += answer.refusedKeys;
    for (const { definition, revision } of seeds) this.seeded.set(definition, revision);
    return true;
  }

  private async storedSums(
    budgets: readonly CompiledBudget[],
    from: bigint | null,
    below: bigint,
    nowMs: number,
  ): Promise<CounterDelta[]> {
    if (budgets.length === 0) return [];
    const { project, owner } = this;
    const { cluster, partition } = owner;
    const asked = budgets.map((compiled) => {
      const { on, scope, per } = compiled.budget;
      const windows = openWindows(compiled, nowMs);
      return { project, on, scope, per, windows, partition, cluster, from, below };
    });
    const sums = await this.ports.sums.sums(asked);
    return budgets.flatMap((compiled, at) =>
      sums[at]!.filter(({ amount }) => amount > 0n).map(
        ({ windowStartMs, key, amount, lastEventTime: eventTime }) => {
          const window = compiled.windows.of(windowStartMs);
          return { compiled, window, key, amount, eventTime };
        },
      ),
    );
  }
}

interface Extra {
  groups?: ReturnType<typeof groupsOf>;
  seeds?: { definition: string; revision: string }[];
}

function seedOf({ definition }: CompiledBudget, { revision }: BudgetLimits) {
  return { definition, revision };
}
