import type { UsageRow } from '#clickhouse';
import { type CompiledBudget, type CompiledWatch, isSliding, type WatchIndex } from '#watches';
import {
  COUNTERS_OF_A_CALL_MAX,
  fewerRows,
  ofOneCall,
  partFrom,
  ROWS_OF_A_FIRST_CALL,
  rowsOfACall,
  workOf,
} from './bounded-calls.js';
import { countItems, type CounterDelta } from './count-items.js';
import { recheckOf } from './counter-group.js';
import { inTurns } from './in-turns.js';
import type { CountingMark, MarkOwner } from './counting-mark.js';
import type { CountingPorts } from './counting.ports.js';
import type { Recheck } from './recheck.js';
import { revisionOf, seedGap, withoutCluster } from './seeding/opened-gaps.js';
import type { UnseenRange, WatchSeeding } from './seeding/seeding-cursor.js';

const WATCHES_OF_A_CALL = 200;
/** What is decided and not stored is added to a new watch at once, if it is no more than this; else it waits until it is stored. */
const ROWS_AT_ONCE = 2_000;
/** One for each time that a project was passed over and not looked at since. */
const RANGES_MAX = 8;
const GAPS_MAX = 8;
/** Full slices that one pass holds against new limits: behind it, others' usage is counted. */
const SLICES_OF_A_PASS = 10;
/** Beside what it holds, a slice is a call: so many of these are as long as a full one. */
const CALLS_OF_A_SLICE = 20;

/** What one owner holds of a partition at one moment: rows above `storedTo` up to `decidedTo`, positions of `usage.recorded`. */
export interface CountingSnapshot {
  storedTo: bigint;
  /** Up to here, every project with rows was counted or passed over. */
  countedTo: bigint;
  decidedTo: bigint;
  /** The first offset of `usage.priced` that is not decided. */
  readTo: bigint;
  rows: UsageRow[];
}

/** The watches, and what there is to count, at one moment. */
export interface CountingPass {
  index: WatchIndex;
  snapshot: CountingSnapshot;
  nowMs: number;
  /** Whether others have waited long enough: what is not counted then is passed over. Told how many counters were added to. */
  isOver: (counters: number) => boolean;
}

/** One call to make: it moves the mark to `next`. */
export interface CountingCall {
  next: bigint;
  deltas: CounterDelta[];
  /** A slice of it goes with the call. It is all that the call does, and nobody is waited for: the next pass may go on. */
  recheck?: Recheck;
  seeding?: { definition: string; seeding: WatchSeeding }[];
  ranges?: readonly UnseenRange[];
  level?: 'caught_up' | 'behind';
  /** It may have been counted before. */
  anew?: boolean;
}

/**
 * The calls that bring the watches of one project up to a partition. None of them waits for what is stored: that is left
 * open as gaps, and added behind the back of counting.
 */
export class CountingCalls {
  /** Nothing recovers before this partition has shown that its mark stands, and counted all that was ever counted. */
  isBehind = false;
  private rowsMax = ROWS_OF_A_FIRST_CALL;
  /** Up to this offset of `usage.priced` a former owner may have counted. */
  private levelAt: bigint | null = null;
  private recheck: Recheck | null = null;

  constructor(
    private readonly owner: MarkOwner,
    private readonly mark: CountingMark,
    private readonly ports: Pick<CountingPorts, 'log' | 'bounds'>,
  ) {}

  /** The mark was adopted: it may be that much was counted above it, and lost. */
  begin(): void {
    this.isBehind = true;
    this.levelAt = null;
    this.recheck = null;
  }

  /** Whether what is decided from now on is counted for it. */
  isCounted({ definition }: CompiledWatch): boolean {
    return this.mark.seeded.has(definition) || this.mark.seeding.has(definition);
  }

  hasRevision(compiled: CompiledWatch, nowMs: number): boolean {
    const { seeded, seeding } = this.mark;
    const { definition } = compiled;
    return seeding.has(definition) || seeded.get(definition) === revisionOf(compiled, nowMs);
  }

  /** What was passed over before is not looked at yet: more of it would only be forgotten in part. */
  get isFull(): boolean {
    const { ranges, seeding } = this.mark;
    return (
      ranges.length >= RANGES_MAX ||
      [...seeding.values()].some(({ gaps }) => gaps.length + ranges.length >= GAPS_MAX)
    );
  }

  /**
   * Each is to be made, and to have moved the mark, before the next one is asked for. `too_many` is the last one: a single
   * position is more than one call may do, and is counted once it is stored.
   */
  async *toBringUp(pass: CountingPass): AsyncGenerator<CountingCall | 'too_many', void, void> {
    yield* this.toLeaveOpen(pass);
    yield* this.toBegin(pass);
    yield* this.toCountDecided(pass);
    yield* this.toCatchUp(pass);
    yield* this.toRecheck(pass);
  }

  /** What was stored without having been counted here: behind a loss of Redis, or while the project was idle or passed over. */
  private *toLeaveOpen({ snapshot }: CountingPass): Generator<CountingCall> {
    const { mark, owner } = this;
    const below = snapshot.storedTo + 1n;
    const from = mark.isOfAnotherCluster ? 0n : mark.next;
    if (!mark.isOfAnotherCluster && from >= below) return;
    const isHeld = mark.seeded.size + mark.seeding.size > 0;
    const { cluster } = owner;
    const ranges =
      isHeld && from < below ? [...mark.ranges, { cluster, from, below }] : mark.ranges;
    const seeding = mark.isOfAnotherCluster
      ? [...mark.seeding].map(([definition, one]) => ({
          definition,
          seeding: withoutCluster(one, cluster),
        }))
      : [];
    const next = from > below ? from : below;
    yield { next, deltas: [], ranges, seeding };
  }

  /** Watches that do not count this partition yet: from here on they do, and hold what is stored once it was added. */
  private async *toBegin({ index, snapshot, nowMs }: CountingPass): AsyncGenerator<CountingCall> {
    const { storedTo, decidedTo, rows } = snapshot;
    const { next } = this.mark;
    const unseeded = index.all.filter((one) => !this.isCounted(one));
    // A former owner may have counted further than is decided here.
    const isHere = decidedTo + 1n >= next;
    const news = rows.filter(({ origin }) => {
      const offset = BigInt(origin.offset);
      return offset > storedTo && offset < next;
    });
    for (let at = 0; at < unseeded.length; at += WATCHES_OF_A_CALL) {
      const some = unseeded.slice(at, at + WATCHES_OF_A_CALL);
      const isNew = new Set(some);
      const deltas =
        isHere && news.length <= ROWS_AT_ONCE
          ? await this.deltasOf(news, index, (one) => isNew.has(one))
          : null;
      const below = deltas === null ? next : min(next, storedTo + 1n);
      const { cluster } = this.owner;
      const seeding = some.map((one) => ({
        definition: one.definition,
        seeding: {
          revision: revisionOf(one, nowMs),
          gaps: [seedGap(one, { cluster, below }, nowMs)],
        },
      }));
      yield { next, deltas: deltas ?? [], seeding, anew: true };
    }
  }

  private async *toCountDecided({
    index,
    snapshot,
  }: CountingPass): AsyncGenerator<CountingCall | 'too_many'> {
    const { rows, decidedTo } = snapshot;
    if (decidedTo < this.mark.next) return;
    const first = this.mark.next;
    const news = rows.filter(({ origin }) => BigInt(origin.offset) >= first);
    for (let at = 0; ;) {
      const part = partFrom(news, at, this.rowsMax);
      const deltas = await this.deltasOf(part.rows, index, (one) => this.isCounted(one));
      if (deltas === null) {
        if (part.isOnePosition) {
          yield 'too_many';
          return;
        }
        this.rowsMax = fewerRows(this.rowsMax, part);
        continue;
      }
      if (part.rows.length > 0) this.rowsMax = rowsOfACall(part.rows.length, workOf(deltas));
      at += part.rows.length;
      yield { next: part.next ?? decidedTo + 1n, deltas };
      if (part.next === null) return;
    }
  }

  private async deltasOf(
    rows: readonly UsageRow[],
    index: WatchIndex,
    isWanted: (compiled: CompiledWatch) => boolean,
  ): Promise<CounterDelta[] | null> {
    return ofOneCall(await inTurns(countItems(rows, index, isWanted, COUNTERS_OF_A_CALL_MAX)));
  }

  /** From here on a low sum of this partition is a statement. */
  private async *toCatchUp({ index, snapshot }: CountingPass) {
    if (!this.isBehind || this.mark.ranges.length > 0) return;
    if (index.all.some(isSliding) && !(await this.isLevel(snapshot.readTo))) return;
    yield { next: this.mark.next, deltas: [], level: 'caught_up' as const };
    this.isBehind = false;
  }

  /**
   * Thresholds that are new since the counters were last held against them: some slices, and those that are left in the passes
   * to come. What was begun is brought to its end, so that of what it has told all recoveries are told by the next.
   */
  private *toRecheck({ index, nowMs }: CountingPass): Generator<CountingCall> {
    const { recheckCallMax } = this.ports.bounds;
    for (let slices = 0; slices < SLICES_OF_A_PASS;) {
      if (this.recheck && !this.canGoOn(this.recheck, index)) this.recheck = null;
      this.recheck ??= this.nextRecheck(index, nowMs);
      if (this.recheck === null) return;
      yield { next: this.mark.next, deltas: [], recheck: this.recheck };
      slices += this.recheck.lastWork / recheckCallMax + 1 / CALLS_OF_A_SLICE;
      if (this.recheck.isOver) this.recheck = null;
    }
  }

  /** Whatever has begun to be seeded meanwhile is held against its limits behind that. */
  private canGoOn({ definition }: Recheck, index: WatchIndex): boolean {
    const compiled = index.all.find((one) => one.definition === definition);
    return compiled?.budget?.suspended === false && this.mark.seeded.has(definition);
  }

  private nextRecheck(index: WatchIndex, nowMs: number): Recheck | null {
    const { seeded } = this.mark;
    const changed = index.all.find(
      (one): one is CompiledBudget =>
        !isSliding(one) && seeded.has(one.definition) && !this.hasRevision(one, nowMs),
    );
    if (!changed) return null;
    return recheckOf(changed, changed.windows.of(nowMs), seeded.get(changed.definition)!, nowMs);
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
}

function min(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
