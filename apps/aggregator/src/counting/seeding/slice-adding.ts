import { isSliding } from '#watches';
import { type CounterDelta } from '../count-items.js';
import { groupsOf } from '../counter-group.js';
import type { ProjectCounting } from '../project-counting.js';
import { checksOf } from '../sliding/sliding-checks.js';
import { behindSlice, insideSlice, type SeedPart } from './seed-slice.js';
import type { SliceSum } from './slice-sums.js';

/** Beside a plain counter: one of a sliding watch is held against its bounds by the sum of all its buckets. */
const WEIGHT_OF_A_BUCKET = 12;
/** A window is a key of its own, with what an alert says of it. */
const WEIGHT_OF_A_WINDOW = 5;

/** Gathers what one slice adds in one partition into calls that are short, each with the cursor that it leaves. */
export class SliceAdding {
  private deltas: { part: SeedPart; delta: CounterDelta }[] = [];
  private touched = new Set<SeedPart>();
  private windows = new Set<string>();
  private weight = 0;
  private isOver = false;

  constructor(
    private readonly state: ProjectCounting,
    private readonly all: readonly SeedPart[],
    private readonly toMs: number,
    private readonly bounds: { partitions: number; callMax: number },
  ) {}

  get isFull(): boolean {
    return this.weight >= this.bounds.callMax;
  }

  take(part: SeedPart, { deltaFor }: SliceSum): void {
    part.read += 1;
    if (this.isOver || part.read <= part.seeding.gaps[0]!.added) return;
    const delta = deltaFor(part);
    this.touched.add(part);
    this.weight += 1;
    // A rate counts every event, also one that adds no amount.
    if (delta.amount === 0n && part.compiled.rate === null) return;
    this.deltas.push({ part, delta });
    const window = `${part.compiled.definition} ${delta.window.startMs}`;
    if (!this.windows.has(window)) this.weight += WEIGHT_OF_A_WINDOW;
    this.windows.add(window);
    this.weight += isSliding(part.compiled) ? WEIGHT_OF_A_BUCKET : 0;
  }

  /** One call. With `ends`, the slice is added as a whole. False when somebody else has changed what stands. */
  async flush(nowMs: number, { ends }: { ends: boolean }): Promise<boolean> {
    if (this.isOver) return false;
    const parts = ends ? this.all : [...this.touched];
    if (parts.length === 0) return true;
    const { state, toMs } = this;
    const { partitions } = this.bounds;
    const left = new Map<SeedPart, ReturnType<typeof behindSlice>>();
    const wasAdded = await state.addTo(() => {
      const { mark } = state;
      const standing = parts.filter(
        ({ compiled, seeding }) => mark.seeding.get(compiled.definition) === seeding,
      );
      if (standing.length === 0) return null;
      for (const part of standing) {
        const { seeding, read } = part;
        left.set(part, ends ? behindSlice(seeding, toMs) : insideSlice(seeding, toMs, read));
      }
      const deltas = this.deltas.filter(({ part }) => left.has(part)).map(({ delta }) => delta);
      return {
        at: new Date(nowMs).toISOString(),
        groups: groupsOf(deltas, nowMs, { anew: true }),
        sliding: checksOf(deltas, { nowMs, partitions }),
        seeds: standing.flatMap((part) => {
          const { definition } = part.compiled;
          return left.get(part) === null ? [{ definition, revision: part.seeding.revision }] : [];
        }),
        seeding: standing.flatMap((part) => {
          const seeding = left.get(part) ?? null;
          return seeding === null ? [] : [{ definition: part.compiled.definition, seeding }];
        }),
        level: null,
      };
    });
    this.isOver = !wasAdded;
    for (const [part, seeding] of left) if (seeding !== null) part.seeding = seeding;
    [this.deltas, this.touched, this.windows, this.weight] = [[], new Set(), new Set(), 0];
    return wasAdded;
  }
}
