import { isQueryTooLarge, type UsageExtent } from '#clickhouse';
import type { WatchIndex } from '#watches';
import type { CountingReads } from '../counting.ports.js';
import type { ProjectCounting } from '../project-counting.js';
import { isSeededOver, rangeGap } from './opened-gaps.js';
import type { UnseenRange, WatchSeeding } from './seeding-cursor.js';

/**
 * Looks at what the mark of a partition passed over. Most often nothing of the project lies there; else every watch that held
 * all below it has a gap from now on.
 */
export async function lookAtRanges(
  stored: CountingReads['stored'],
  project: string,
  { state, index, nowMs }: { state: ProjectCounting; index: WatchIndex; nowMs: number },
): Promise<void> {
  const { ranges } = state.mark;
  const extents = await extentsOf(stored, project, state.owner.partition, ranges);
  const found = ranges.flatMap((range, at) => {
    const extent = extents[at]!;
    return extent === 'none' ? [] : [{ range, gap: rangeGap(range, extent, nowMs) }];
  });
  await state.addTo(() => {
    const { mark } = state;
    // What is passed over while this was asked is looked at the next time.
    if (mark.ranges !== ranges) return null;
    const known = new Set(index.all.map(({ definition }) => definition));
    const seeding =
      found.length === 0
        ? []
        : [...standing(state)].flatMap(([definition, one]) => {
            if (!known.has(definition)) return [];
            const gaps = found
              .filter(({ range }) => !isSeededOver(one, range))
              .map(({ gap }) => gap);
            if (gaps.length === 0) return [];
            return [{ definition, seeding: { ...one, gaps: [...one.gaps, ...gaps] } }];
          });
    const at = new Date(nowMs).toISOString();
    return { at, seeds: [], groups: [], sliding: [], level: null, seeding, ranges: [] };
  });
}

/** Every watch that counts this partition, as one that is being seeded. */
function* standing({ mark }: ProjectCounting): Generator<[string, WatchSeeding]> {
  for (const [definition, revision] of mark.seeded) yield [definition, { revision, gaps: [] }];
  yield* mark.seeding;
}

/** Null where the question is too large to be answered: then the events may have any time. */
async function extentsOf(
  stored: CountingReads['stored'],
  project: string,
  partition: number,
  ranges: readonly UnseenRange[],
): Promise<(UsageExtent | 'none' | null)[]> {
  const extents: (UsageExtent | 'none' | null)[] = [];
  try {
    for (const { cluster, from, below } of ranges) {
      const asked = { project, cluster, ranges: [{ partition, from, below }] };
      const [extent] = await stored.extents(asked);
      extents.push(extent ?? 'none');
    }
    return extents;
  } catch (error) {
    if (!isQueryTooLarge(error)) throw error;
    return ranges.map(() => null);
  }
}
