import type { EventField } from '#contracts';

/** Milliseconds since the epoch; `to` lies outside. */
export interface TimeRange {
  from: number;
  to: number;
}

export const USAGE_DIMENSIONS = [
  'customer',
  'user',
  'provider',
  'model',
  'application',
  'type',
] as const satisfies readonly EventField[];
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

export type UsageTable = 'usage_per_day' | 'usage_per_hour' | 'usage_raw';

/** What is read from one table: sorted ranges that neither overlap nor touch. */
export interface UsageRead {
  table: UsageTable;
  ranges: TimeRange[];
}

interface Rollup {
  table: UsageTable;
  grainMs: number;
  dimensions: readonly UsageDimension[];
}

/** The coarsest first. The buckets are UTC's and epoch-aligned. */
const ROLLUPS: readonly Rollup[] = [
  {
    table: 'usage_per_day',
    grainMs: 86_400_000,
    dimensions: ['customer', 'application', 'provider', 'model', 'type'],
  },
  {
    table: 'usage_per_hour',
    grainMs: 3_600_000,
    dimensions: ['application', 'provider', 'model', 'type'],
  },
];

/**
 * Decides from which table each moment of the windows is read: whole buckets of the coarsest rollup that has the
 * dimensions, finer ones beside them, raw events for what is left. Each moment is read once, and no bucket reaches over
 * the edge of a window, so the sums are exact for any windows.
 *
 * @param windows sorted, without overlap
 * @param dimensions every dimension that is grouped by or filtered on
 */
export function planUsageRead(
  windows: readonly TimeRange[],
  dimensions: ReadonlySet<UsageDimension>,
): UsageRead[] {
  const fitting = ROLLUPS.filter((rollup) =>
    [...dimensions].every((dimension) => rollup.dimensions.includes(dimension)),
  );
  const ranges = new Map<UsageTable, TimeRange[]>();
  for (const window of windows) {
    for (const { table, range } of splitRange(window, fitting)) {
      const taken = ranges.get(table) ?? [];
      append(taken, range);
      ranges.set(table, taken);
    }
  }
  return [...ranges].map(([table, tableRanges]) => ({ table, ranges: tableRanges }));
}

function splitRange(
  range: TimeRange,
  [coarsest, ...finer]: readonly Rollup[],
): { table: UsageTable; range: TimeRange }[] {
  if (range.from >= range.to) return [];
  if (coarsest === undefined) return [{ table: 'usage_raw', range }];
  const from = Math.ceil(range.from / coarsest.grainMs) * coarsest.grainMs;
  const to = Math.floor(range.to / coarsest.grainMs) * coarsest.grainMs;
  if (from >= to) return splitRange(range, finer);
  return [
    ...splitRange({ from: range.from, to: from }, finer),
    { table: coarsest.table, range: { from, to } },
    ...splitRange({ from: to, to: range.to }, finer),
  ];
}

function append(ranges: TimeRange[], range: TimeRange): void {
  const last = ranges.at(-1);
  if (last?.to === range.from) last.to = range.to;
  else ranges.push({ ...range });
}
