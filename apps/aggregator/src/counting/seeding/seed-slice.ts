import { canonicalJson } from '#contracts';
import { type CompiledWatch, isSliding, type WatchIndex } from '#watches';
import type { ProjectCounting } from '../project-counting.js';
import type { Gap, WatchSeeding } from './seeding-cursor.js';

/** Each scan answers so many watches of one shape; what a call writes of each is bounded with it. */
const WATCHES_OF_A_SLICE_MAX = 250;

/** One watch in one partition, in a slice that it shares with others. */
export interface SeedPart {
  state: ProjectCounting;
  compiled: CompiledWatch;
  /** As it stood when the slice was chosen: whatever else stands makes what is summed for it void. */
  seeding: WatchSeeding;
  /** Sums that were read, those that were added before among them. */
  read: number;
}

/** Watches that differ in their scope's values and their partition alone, with gaps that have come equally far. */
export interface SeedSlice {
  parts: SeedPart[];
  gap: Gap;
}

const shapes = new WeakMap<CompiledWatch, string>();

/** The next slice of these partitions, given how far each is stored; null when there is nothing to add now. */
export function nextSlice(
  partitions: readonly { state: ProjectCounting; storedTo: bigint }[],
  index: WatchIndex,
): SeedSlice | null {
  const watches = new Map(index.all.map((one) => [one.definition, one]));
  let name: string | null = null;
  const chosen = new Set<CompiledWatch>();
  const parts: SeedPart[] = [];
  for (const { state, storedTo } of partitions) {
    for (const [definition, seeding] of state.mark.seeding) {
      const compiled = watches.get(definition);
      const [gap] = seeding.gaps;
      // Deleted; or not all of it is stored yet.
      if (!compiled || !gap || !isStored(gap, state.owner.cluster, storedTo)) continue;
      const own = nameOf(compiled, gap);
      if (name !== null && own !== name) continue;
      if (chosen.size >= WATCHES_OF_A_SLICE_MAX && !chosen.has(compiled)) continue;
      // A rate is a question of its own.
      if (chosen.size > 0 && compiled.rate !== null && !chosen.has(compiled)) continue;
      name = own;
      chosen.add(compiled);
      parts.push({ state, compiled, seeding, read: 0 });
    }
  }
  return parts.length === 0 ? null : { parts, gap: parts[0]!.seeding.gaps[0]! };
}

function isStored(gap: Gap, cluster: string, storedTo: bigint): boolean {
  return gap.cluster !== cluster || gap.below <= storedTo + 1n;
}

function nameOf(compiled: CompiledWatch, gap: Gap): string {
  const { cluster, from, later, asOfMs, atMs, toMs, endMs } = gap;
  return JSON.stringify([
    shapeOf(compiled),
    [cluster, from === null, later],
    [asOfMs, atMs, toMs, endMs],
  ]);
}

function shapeOf(compiled: CompiledWatch): string {
  const known = shapes.get(compiled);
  if (known !== undefined) return known;
  const { watch, budget, bucketMs } = compiled;
  const { on, scope, per } = watch;
  const times = budget === null || isSliding(compiled) ? { bucketMs } : { ...budget.window };
  const shape = canonicalJson({
    on,
    per: [...per],
    dimensions: Object.keys(scope).sort(),
    isRate: budget === null,
    times,
  });
  shapes.set(compiled, shape);
  return shape;
}

/** What is left of a seeding once the slice up to `toMs` is added as a whole; null when nothing is. */
export function behindSlice(seeding: WatchSeeding, toMs: number): WatchSeeding | null {
  const [gap, ...rest] = seeding.gaps;
  const gaps = toMs >= gap!.endMs ? rest : [{ ...gap!, atMs: toMs, toMs: null, added: 0 }, ...rest];
  return gaps.length === 0 ? null : { ...seeding, gaps };
}

/** What a seeding is once some sums of the slice up to `toMs` are added. */
export function insideSlice(seeding: WatchSeeding, toMs: number, added: number): WatchSeeding {
  const [gap, ...rest] = seeding.gaps;
  return { ...seeding, gaps: [{ ...gap!, toMs, added }, ...rest] };
}
