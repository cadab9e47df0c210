import type { CountAnswer } from '#redis';
import { isSliding, type WatchIndex } from '#watches';
import { groupsOf } from './counter-group.js';
import type { CountersSink } from './counters.sink.js';
import { type CountingCall, CountingCalls, type CountingPass } from './counting-calls.js';
import { CountingMark, type MarkAdditions, type MarkOwner } from './counting-mark.js';
import type { CountingPorts, CountingReads } from './counting.ports.js';
import { restoreStates } from './sliding/restore-states.js';
import { checksOf } from './sliding/sliding-checks.js';

/**
 * The partition has a later owner; or its mark was moved by another call and has to be adopted anew; or a former owner
 * has seeded a watch that is not in the index, which may be one that was read before the budget was made; or the time was
 * over before all was counted, as it is where one position would take a call too long; or what was passed over before has to
 * be added first.
 */
export type CountOutcome = 'counted' | 'other_owner' | 'moved' | 'unknown_watch' | 'slow' | 'full';

/** One project's counting of one partition by one owner. */
export class ProjectCounting {
  readonly mark: CountingMark;
  pendingAlerts = 0;
  private readonly calls: CountingCalls;
  private refused = 0;
  /** Nothing was counted since the mark was adopted: it may stand anywhere. */
  private justAdopted = false;
  /** Others went on without it: its mark says how far it is counted. */
  private isPassedOver = false;
  /** Redis was told so. */
  private isToldOf = false;
  private isCounting = false;

  constructor(
    private readonly project: string,
    readonly owner: MarkOwner,
    private readonly ports: CountingReads & Pick<CountingPorts, 'bounds'>,
    private readonly sink: CountersSink,
  ) {
    this.mark = new CountingMark(project, owner, sink);
    this.calls = new CountingCalls(owner, this.mark, ports);
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
      this.isPassedOver ||
      index.all.some((one) => !this.calls.isCounted(one))
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
   * Others go on without it. What is stored meanwhile is added from what is stored; until then no low sum is a statement,
   * and Redis is told so before anybody goes on.
   */
  async passOver(storedTo: bigint, nowMs: number): Promise<void> {
    this.isPassedOver = true;
    if (this.isToldOf) return;
    const at = new Date(nowMs).toISOString();
    const level = 'behind' as const;
    const nothing = { at, seeds: [], seeding: [], groups: [], sliding: [] };
    if (!(await this.addTo(() => ({ ...nothing, level })))) {
      // To adopt the mark says the same. It is adopted once more, with all that belongs to it, before anything is counted.
      await this.mark.adopt(storedTo + 1n);
      this.mark.text = null;
    }
    this.calls.begin();
    this.isToldOf = true;
  }

  /**
   * Brings every watch of the project up to the snapshot. A throw leaves the mark unknown: the next call adopts it. What
   * is to be added belongs to the mark it was worked out under, so a second call is refused while one is under way.
   */
  async count(pass: CountingPass): Promise<CountOutcome> {
    if (this.isCounting) throw new Error(`${this.project} is being counted already`);
    this.isCounting = true;
    try {
      return await this.countAlone(pass);
    } finally {
      this.isCounting = false;
    }
  }

  /** Adds to what is counted, without moving on: false when that has to be worked out anew. */
  async addTo(additionsOf: () => MarkAdditions | null): Promise<boolean> {
    return this.took(await this.mark.addTo(additionsOf));
  }

  private async countAlone(pass: CountingPass): Promise<CountOutcome> {
    const { countedTo } = pass.snapshot;
    if (this.mark.text === null) {
      if (!(await this.adopt(pass))) return 'other_owner';
      // Moving the mark on without such a watch would leave it without these rows for ever.
      if (this.hasUnknownWatches(pass.index)) return 'unknown_watch';
    } else if (!this.justAdopted && !this.isPassedOver && this.mark.next <= countedTo) {
      // Idle since its mark was set: what others were counted up to held nothing of this project.
      this.mark.next = countedTo + 1n;
    }
    if (this.calls.isFull) return 'full';
    const outcome = await this.bringUp(pass);
    if (outcome === 'counted') this.justAdopted = this.isPassedOver = this.isToldOf = false;
    return outcome;
  }

  private async adopt({ index, snapshot, nowMs }: CountingPass): Promise<boolean> {
    if (!(await this.mark.adopt(snapshot.storedTo + 1n))) return false;
    let isWhole = false;
    try {
      // Where no mark stands, none fences a former owner. What a later one has stored, it would have passed over as repeats.
      if (!(await this.ports.ownership.isHeld(this.owner))) return false;
      // Whatever took the mark away may have taken states as well: nothing counts before they are back.
      await restoreStates(this.ports, this.sink, this.project, index.all.filter(isSliding), nowMs);
      isWhole = true;
    } finally {
      // Half adopted it would pass for one that was counted under, and skip what others were counted up to.
      if (!isWhole) this.mark.text = null;
    }
    this.justAdopted = true;
    this.calls.begin();
    return true;
  }

  private hasUnknownWatches(index: WatchIndex): boolean {
    const known = new Set(index.all.map(({ definition }) => definition));
    const { seeded, seeding } = this.mark;
    return [...seeded.keys(), ...seeding.keys()].some((definition) => !known.has(definition));
  }

  private async bringUp(pass: CountingPass): Promise<CountOutcome> {
    let counters = 0;
    for await (const call of this.calls.toBringUp(pass)) {
      if (call === 'too_many') return 'slow';
      if (counters > 0 && pass.isOver(counters)) return call.recheck ? 'counted' : 'slow';
      if (!(await this.make(call, pass.nowMs))) return 'moved';
      counters += call.deltas.length;
    }
    return 'counted';
  }

  /** False when another mark stands. */
  private async make(call: CountingCall, nowMs: number): Promise<boolean> {
    const { next, deltas, seeding = [], ranges, level = null, recheck } = call;
    const slice = recheck?.slice(this.ports.bounds.recheckCallMax);
    const answer = await this.mark.move(next, {
      at: new Date(nowMs).toISOString(),
      seeds: [],
      seeding,
      ranges,
      groups: slice ? [slice] : groupsOf(deltas, nowMs, { anew: call.anew ?? false }),
      sliding: checksOf(deltas, { nowMs, partitions: this.ports.partitions }),
      level,
    });
    if (answer) recheck?.took(answer);
    return this.took(answer);
  }

  private took(answer: CountAnswer | null): boolean {
    if (answer === null) return false;
    this.pendingAlerts = answer.pendingAlerts;
    this.refused += answer.refusedKeys;
    return true;
  }
}
