import type { UsageRow } from '#clickhouse';
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
import { recheckOf } from './counter-group.js';
import type { CountingMark, MarkOwner } from './counting-mark.js';
import type { CountingReads } from './counting.ports.js';
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

/** The watches, and what there is to count, at one moment. */
export interface CountingPass {
  index: WatchIndex;
  snapshot: CountingSnapshot;
  nowMs: number;
}

/** One call to make: it moves the mark to `next`. */
export interface CountingCall {
  next: bigint;
  deltas: CounterDelta[];
  groups?: CounterGroup[];
  seeds?: { definition: string; revision: string }[];
  caughtUp?: boolean;
  /** It may have been counted before. */
  anew?: boolean;
}

/** The calls that bring the watches of one project up to a partition. */
export class CountingCalls {
  /** Nothing recovers before this partition has shown that its mark stands, and counted all that was ever counted. */
  isBehind = false;
  private rowsMax = ROWS_OF_A_FIRST_CALL;
  /** Up to this offset of `usage.priced` a former owner may have counted. */
  private levelAt: bigint | null = null;

  constructor(
    private readonly project: string,
    private readonly owner: MarkOwner,
    private readonly mark: CountingMark,
    private readonly ports: CountingReads,
  ) {}

  /** The mark was adopted: it may be that much was counted above it, and lost. */
  begin(): void {
    this.isBehind = true;
    this.levelAt = null;
  }

  isSeeded({ definition }: CompiledWatch): boolean {
    return this.mark.seeded.has(definition);
  }

  hasRevision(compiled: CompiledWatch, nowMs: number): boolean {
    return this.mark.seeded.get(compiled.definition) === revisionOf(compiled, nowMs);
  }

  /** Each is to be made, and to have moved the mark, before the next one is asked for. */
  async *toBringUp(pass: CountingPass): AsyncGenerator<CountingCall, void, void> {
    yield* this.toCountStored(pass);
    yield* this.toCountDecided(pass);
    yield* this.toSeed(pass);
    yield* this.toRecheck(pass);
    yield* this.toCatchUp(pass);
  }

  /** What was stored without having been counted here: behind a loss of Redis, or while the project was idle. */
  private async *toCountStored({ index, snapshot, nowMs }: CountingPass) {
    const next = snapshot.storedTo + 1n;
    if (this.mark.next >= next) return;
    const watches = index.all.filter((one) => this.isSeeded(one));
    yield { next, deltas: await this.stored(watches, this.mark.next, next, nowMs), anew: true };
  }

  private *toCountDecided({ index, snapshot: { rows, decidedTo } }: CountingPass) {
    if (decidedTo < this.mark.next) return;
    const news = rows.filter(({ origin }) => BigInt(origin.offset) >= this.mark.next);
    for (const part of partsOf(news, decidedTo, () => this.rowsMax)) {
      const deltas = countItems(part.rows, index, (one) => this.isSeeded(one));
      if (part.rows.length > 0) this.rowsMax = rowsOfACall(part.rows.length, deltas.length);
      yield { next: part.next, deltas };
    }
  }

  /** Watches that do not hold this partition yet. A former owner may have counted further than is decided here. */
  private async *toSeed({ index, snapshot, nowMs }: CountingPass) {
    const { rows, storedTo, decidedTo } = snapshot;
    const unseeded = index.all.filter((one) => !this.isSeeded(one));
    if (unseeded.length === 0 || decidedTo + 1n !== this.mark.next) return;
    const stored = await this.stored(unseeded, null, storedTo + 1n, nowMs);
    const isNew = new Set(unseeded);
    const unstored = rows.filter(({ origin }) => BigInt(origin.offset) > storedTo);
    const decided = countItems(unstored, index, (one) => isNew.has(one));
    for (const { watches, deltas } of seedsOf(unseeded, [...stored, ...decided])) {
      const seeds = watches.map((one) => seedOf(one, nowMs));
      yield { next: this.mark.next, deltas, seeds, anew: true };
    }
  }

  /** Thresholds that are new since the counters were last held against them. */
  private *toRecheck({ index, nowMs }: CountingPass) {
    const changed = index.all.filter(
      (one): one is CompiledBudget =>
        !isSliding(one) && this.isSeeded(one) && !this.hasRevision(one, nowMs),
    );
    if (changed.length === 0) return;
    const groups = changed.map((one) => {
      const former = this.mark.seeded.get(one.definition)!;
      return recheckOf(one, one.windows.of(nowMs), former, nowMs);
    });
    const seeds = changed.map((one) => seedOf(one, nowMs));
    yield { next: this.mark.next, deltas: [], groups, seeds };
  }

  /** From here on a low sum of this partition is a statement. */
  private async *toCatchUp({ index, snapshot }: CountingPass) {
    if (!this.isBehind) return;
    if (index.all.some(isSliding) && !(await this.isLevel(snapshot.readTo))) return;
    yield { next: this.mark.next, deltas: [], caughtUp: true };
    this.isBehind = false;
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

  private stored(
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

function seedOf(compiled: CompiledWatch, nowMs: number) {
  return { definition: compiled.definition, revision: revisionOf(compiled, nowMs) };
}

function revisionOf(compiled: CompiledWatch, nowMs: number): string {
  return isSliding(compiled) ? ANY_BOUNDS : limitsOf(compiled, nowMs).revision;
}
