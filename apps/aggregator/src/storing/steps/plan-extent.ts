import type { DaySlices, PlanExtent, SetAsideRow, UsageRow } from '#clickhouse';

/** Where the rows of `usage_set_aside` of a plan lie. */
export function setAsideExtentOf(token: string, setAside: SetAsideRow[]): PlanExtent {
  const times = setAside.map(({ origin }) => Date.parse(origin.appended_at));
  return {
    token,
    projects: [...new Set(setAside.map(({ project }) => project ?? ''))],
    fromMs: times.reduce((least, time) => Math.min(least, time), Infinity),
    toMs: times.reduce((most, time) => Math.max(most, time), -Infinity),
  };
}

/** The rollup slices that rows add to, day by day; what lies between the days is none of them. */
export function slicesOf(counted: readonly UsageRow[]): DaySlices[] {
  const days = Map.groupBy(counted, ({ usage }) => usage.event_time.slice(0, 10));
  return [...days].map(([day, rows]) => ({
    day,
    projects: distinct(rows, ({ project }) => project),
    customers: distinct(rows, ({ customer }) => customer ?? ''),
    hours: distinct(rows, ({ event_time }) => Number(event_time.slice(11, 13))),
  }));
}

function distinct<T>(rows: readonly UsageRow[], of: (usage: UsageRow['usage']) => T): T[] {
  return [...new Set(rows.map(({ usage }) => of(usage)))];
}
