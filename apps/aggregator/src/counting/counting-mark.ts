import type { CountAnswer, CountCall } from '#redis';
import type { CountersSink } from './counters.sink.js';

/** Whose mark it is: an owner of a partition, by the epoch of the ownership. */
export interface MarkOwner {
  cluster: string;
  partition: number;
  epoch: bigint;
}

/**
 * The mark of one project in one partition: what the counters hold of it. Every call leaves another one, and none counts
 * unless the last one still stands.
 */
export class CountingMark {
  /** What stands in Redis as far as is known; null when that has to be asked. */
  text: string | null = null;
  /** The first position that is not counted. */
  next = 0n;
  /** Definition to revision of the watches that hold all of the partition's usage below `next`. */
  seeded = new Map<string, string>();
  private cluster = '';
  private sequence = 0;

  constructor(
    private readonly project: string,
    private readonly owner: MarkOwner,
    private readonly sink: CountersSink,
  ) {}

  /** Takes the mark as it stands, or begins one at `position`. False when a later owner has it. */
  async adopt(position: bigint): Promise<boolean> {
    this.sequence += 1;
    const { project, owner, sequence } = this;
    const adoption = await this.sink.adopt({ project, ...owner, position, sequence });
    if (adoption === null) return false;
    this.text = adoption.mark;
    this.next = adoption.next;
    this.cluster = adoption.cluster;
    this.seeded = adoption.seeded;
    return true;
  }

  /** A mark of another cluster counts positions of another log: of this one, nothing is counted. */
  beginIfOfAnotherCluster(): void {
    if (this.cluster !== this.owner.cluster) this.next = 0n;
  }

  /** Counts up to `next`. Null when another mark stands: nothing was changed. */
  async move(
    next: bigint,
    additions: Pick<CountCall, 'at' | 'seeds' | 'groups' | 'sliding' | 'caughtUp'>,
  ): Promise<CountAnswer | null> {
    this.sequence += 1;
    const { project, owner } = this;
    const { cluster, epoch, partition } = owner;
    // The sequence makes every mark another one, so that a call which is cut off and comes late cannot count twice.
    const mark = `${cluster}|${epoch}|${next}|${this.sequence}`;
    const call = { project, partition, expected: this.text!, next: mark, ...additions };
    const answer = await this.sink.count(call);
    if (!answer.applied) return null;
    this.text = mark;
    this.cluster = cluster;
    this.next = next;
    for (const { definition, revision } of additions.seeds) this.seeded.set(definition, revision);
    return answer;
  }
}
