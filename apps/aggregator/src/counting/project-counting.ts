import { isSliding, type WatchIndex } from '#watches';
import { groupsOf } from './counter-group.js';
import type { CountersSink } from './counters.sink.js';
import { type CountingCall, CountingCalls, type CountingPass } from './counting-calls.js';
import { CountingMark, type MarkOwner } from './counting-mark.js';
import type { CountingReads } from './counting.ports.js';
import { restoreStates } from './sliding/restore-states.js';
import { checksOf } from './sliding/sliding-checks.js';

/**
 * The partition has a later owner; or its mark was moved by another call and has to be adopted anew; or a former owner
 * has seeded a watch that is not in the index, which may be one that was read before the budget was made.
 */
export type CountOutcome = 'counted' | 'other_owner' | 'moved' | 'unknown_watch';

/** One project's counting of one partition by one owner. */
export class ProjectCounting {
  readonly mark: CountingMark;
  pendingAlerts = 0;
  private readonly calls: CountingCalls;
  private refused = 0;
  /** Nothing was counted since the mark was adopted: it may stand anywhere. */
  private justAdopted = false;
  private isCounting = false;

  constructor(
    private readonly project: string,
    private readonly owner: MarkOwner,
    private readonly ports: CountingReads,
    private readonly sink: CountersSink,
  ) {
    this.mark = new CountingMark(project, owner, sink);
    this.calls = new CountingCalls(project, owner, this.mark, ports);
  }

  /** Amounts that were refused for want of room since the last call. */
  takeRefused(): number {
    const { refused } = this;
    this.refused = 0;
    return refused;
  }

  /** Redis says that this partition has not shown that its mark stands. */
  fallBehind(): void {
    this.calls.isBehind = true;
  }

  /** Whether rows that were counted for other budgets, or before, are needed to go on. */
  needsAll(index: WatchIndex): boolean {
    return (
      this.mark.text === null ||
      this.justAdopted ||
      index.all.some((one) => !this.calls.isSeeded(one))
    );
  }

  isDue(index: WatchIndex, nowMs: number): boolean {
    return (
      this.needsAll(index) ||
      this.calls.isBehind ||
      index.all.some((one) => !this.calls.hasRevision(one, nowMs))
    );
  }

  /**
   * Brings every watch of the project up to the snapshot. A throw leaves the mark unknown: the next call adopts it. What
   * is to be added belongs to the mark it was worked out under, so a second call is refused while one is under way.
   */
  async count(pass: CountingPass): Promise<CountOutcome> {
    if (this.isCounting) throw new Error(`${this.project} is being counted already`);
    this.isCounting = true;
    try {
      const { countedTo } = pass.snapshot;
      if (this.mark.text === null) {
        if (!(await this.adopt(pass))) return 'other_owner';
        // Moving the mark on without such a watch would leave it without these rows for ever.
        if (this.hasUnknownSeeds(pass.index)) return 'unknown_watch';
      } else if (!this.justAdopted && this.mark.next <= countedTo) {
        // Idle since its mark was set: what others were counted up to held nothing of this project.
        this.mark.next = countedTo + 1n;
      }
      const outcome = await this.bringUp(pass);
      if (outcome === 'moved') this.mark.text = null;
      else this.justAdopted = false;
      return outcome;
    } catch (error) {
      this.mark.text = null;
      throw error;
    } finally {
      this.isCounting = false;
    }
  }

  private async adopt({ index, snapshot, nowMs }: CountingPass): Promise<boolean> {
    if (!(await this.mark.adopt(snapshot.storedTo + 1n))) return false;
    // Where no mark stands, none fences a former owner. What a later one has stored, it would have passed over as repeats.
    if (!(await this.ports.ownership.isHeld(this.owner))) {
      this.mark.text = null;
      return false;
    }
    // Whatever took the mark away may have taken states as well: nothing counts before they are back.
    await restoreStates(this.ports, this.sink, this.project, index.all.filter(isSliding), nowMs);
    this.justAdopted = true;
    this.calls.begin();
    return true;
  }

  private hasUnknownSeeds(index: WatchIndex): boolean {
    const known = new Set(index.all.map(({ definition }) => definition));
    return [...this.mark.seeded.keys()].some((definition) => !known.has(definition));
  }

  private async bringUp(pass: CountingPass): Promise<CountOutcome> {
    this.mark.beginIfOfAnotherCluster();
    for await (const call of this.calls.toBringUp(pass)) {
      if (!(await this.make(call, pass.nowMs))) return 'moved';
    }
    return 'counted';
  }

  /** False when another mark stands. */
  private async make(call: CountingCall, nowMs: number): Promise<boolean> {
    const { next, deltas, groups = [], seeds = [], caughtUp = false, anew = false } = call;
    const answer = await this.mark.move(next, {
      at: new Date(nowMs).toISOString(),
      seeds,
      groups: [...groupsOf(deltas, nowMs, { anew }), ...groups],
      sliding: checksOf(deltas, { nowMs, partitions: this.ports.partitions }),
      caughtUp,
    });
    if (answer === null) return false;
    this.pendingAlerts = answer.pendingAlerts;
    this.refused += answer.refusedKeys;
    return true;
  }
}
