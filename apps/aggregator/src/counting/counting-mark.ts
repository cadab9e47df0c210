import type { CountAnswer, CountCall } from '#redis';
import type { CountersSink } from './counters.sink.js';
import { mixedRevision } from './mixed-revision.js';
import { WALK_END } from './recheck.js';
import {
  decodeRanges,
  decodeSeeding,
  encodeRanges,
  encodeSeeding,
  type UnseenRange,
  type WatchSeeding,
} from './seeding/seeding-cursor.js';

/** The field of the ranges among those of watches. */
const RANGES = '';

/** Whose mark it is: an owner of a partition, by the epoch of the ownership. */
export interface MarkOwner {
  cluster: string;
  partition: number;
  epoch: bigint;
}

/** What one call adds beside moving the mark. */
export interface MarkAdditions extends Pick<
  CountCall,
  'at' | 'seeds' | 'groups' | 'sliding' | 'level'
> {
  seeding: readonly { definition: string; seeding: WatchSeeding }[];
  /** In place of those that stood; absent: as before. */
  ranges?: readonly UnseenRange[] | undefined;
}

/**
 * The mark of one project in one partition: what the counters hold of it. Every call leaves another one, and none counts
 * unless the last one still stands. Counting and seeding both move it, one call at a time.
 */
export class CountingMark {
  /** What stands in Redis as far as is known; null when that has to be asked. */
  text: string | null = null;
  /** The first position that is not counted: what lies at or above it comes by counting, what lies below from what is stored. */
  next = 0n;
  /** Definition to revision of the watches that hold all of the partition's usage below `next`. */
  seeded = new Map<string, string>();
  /** Those that hold all but what their gaps say. */
  seeding = new Map<string, WatchSeeding>();
  /** What none of either holds, if there is anything. */
  ranges: readonly UnseenRange[] = [];
  private cluster = '';
  private sequence = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly project: string,
    private readonly owner: MarkOwner,
    private readonly sink: CountersSink,
  ) {}

  /** Another cluster's: of this one, nothing is counted. */
  get isOfAnotherCluster(): boolean {
    return this.cluster !== this.owner.cluster;
  }

  /** Takes the mark as it stands, or begins one at `position`. False when a later owner has it. */
  adopt(position: bigint): Promise<boolean> {
    return this.inTurn(async () => {
      this.sequence += 1;
      const { project, owner, sequence } = this;
      const adoption = await this.sink.adopt({ project, ...owner, position, sequence });
      if (adoption === null) return false;
      this.text = adoption.mark;
      this.next = adoption.next;
      this.cluster = adoption.cluster;
      this.seeded = adoption.seeded;
      const { [RANGES]: ranges, ...watches } = Object.fromEntries(adoption.seeding);
      this.ranges = ranges === undefined ? [] : decodeRanges(ranges);
      this.seeding = new Map(
        Object.entries(watches).map(([definition, text]) => [definition, decodeSeeding(text)]),
      );
      return true;
    });
  }

  /** Makes sure that what is known to stand still does: Redis may have been lost, or gone back in time. */
  verify(readMark: () => Promise<string | null>): Promise<void> {
    return this.inTurn(async () => {
      if (this.text !== null && (await readMark()) !== this.text) this.text = null;
    });
  }

  /** Counts up to `next`. Null when another mark stands: nothing was changed. A throw leaves open what stands. */
  move(next: bigint, additions: MarkAdditions): Promise<CountAnswer | null> {
    return this.inTurn(() => this.send(next, additions));
  }

  /** The same without moving on, by what is known when its turn comes. Null also when there turned out to be nothing to add. */
  addTo(additionsOf: () => MarkAdditions | null): Promise<CountAnswer | null> {
    return this.inTurn(async () => {
      // Positions of another log are no positions of this one.
      if (this.text === null || this.isOfAnotherCluster) return null;
      const additions = additionsOf();
      return additions === null ? null : this.send(this.next, additions);
    });
  }

  private async send(next: bigint, additions: MarkAdditions): Promise<CountAnswer | null> {
    if (this.text === null) return null;
    this.sequence += 1;
    const { project, owner, text: expected } = this;
    const { cluster, epoch, partition } = owner;
    const { ranges, ...rest } = additions;
    // Before its turn came, the watch of a recheck may have begun to be seeded.
    const groups = rest.groups.filter(
      ({ recheck, definition }) => recheck === null || this.seeded.has(definition),
    );
    const { seeds, seeding } = this.withMixed({ ...additions, groups });
    // The sequence makes every mark another one, so that a call which is cut off and comes late cannot count twice.
    const mark = `${cluster}|${epoch}|${next}|${this.sequence}`;
    const texts = seeding.map((one) => ({
      definition: one.definition,
      text: encodeSeeding(one.seeding),
    }));
    if (ranges !== undefined) texts.push({ definition: RANGES, text: encodeRanges(ranges) });
    const written = { groups, seeds, seeding: texts };
    const call = { project, partition, expected, next: mark, ...rest, ...written };
    const answer = await this.sink.count(call).catch((error: unknown) => {
      this.text = null;
      throw error;
    });
    this.text = answer.applied ? mark : null;
    if (!answer.applied) return null;
    this.cluster = cluster;
    this.next = next;
    for (const { definition, revision } of seeds) {
      this.seeded.set(definition, revision);
      this.seeding.delete(definition);
    }
    if (answer.rechecked?.cursor === WALK_END) {
      const { definition, revision } = groups.find(({ recheck }) => recheck !== null)!;
      this.seeded.set(definition, revision);
    }
    for (const one of seeding) {
      this.seeded.delete(one.definition);
      this.seeding.set(one.definition, one.seeding);
    }
    if (ranges !== undefined) this.ranges = ranges;
    return answer;
  }

  /**
   * What else is written of the watches that are added to: where that is held against other limits than what is there, their
   * revisions say so.
   */
  private withMixed({
    groups,
    seeds,
    seeding,
  }: MarkAdditions): Pick<MarkAdditions, 'seeds' | 'seeding'> {
    const seeded = new Map(seeds.map((one) => [one.definition, one.revision]));
    const begun = new Map(seeding.map((one) => [one.definition, one.seeding]));
    for (const { definition, revision } of groups) {
      const isWritten = seeded.has(definition) || begun.has(definition);
      const from = isWritten ? { seeded, seeding: begun } : this;
      const whole = from.seeded.get(definition);
      if (whole !== undefined && whole !== mixedRevision(whole, revision))
        seeded.set(definition, mixedRevision(whole, revision));
      const part = from.seeding.get(definition);
      if (part && part.revision !== mixedRevision(part.revision, revision))
        begun.set(definition, { ...part, revision: mixedRevision(part.revision, revision) });
    }
    return {
      seeds: Array.from(seeded, ([definition, revision]) => ({ definition, revision })),
      seeding: Array.from(begun, ([definition, one]) => ({ definition, seeding: one })),
    };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}
