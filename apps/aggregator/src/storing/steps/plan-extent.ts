import type { PlanExtent, SetAsideRow, UsageRow } from '#clickhouse';

/** Where the rows of `usage_raw` of a plan lie. */
export function extentOf(token: string, counted: UsageRow[]): PlanExtent {
  return extent(
    token,
    counted.map(({ usage }) => ({ project: usage.project, time: usage.event_time })),
  );
}

/** Where the rows of `usage_set_aside` of a plan lie. */
export function setAsideExtentOf(token: string, setAside: SetAsideRow[]): PlanExtent {
  return extent(
    token,
    setAside.map(({ project, origin }) => ({ project: project ?? '', time: origin.appended_at })),
  );
}

function extent(token: string, rows: { project: string; time: string }[]): PlanExtent {
  const times = rows.map(({ time }) => Date.parse(time));
  return {
    token,
    projects: [...new Set(rows.map(({ project }) => project))],
    fromMs: times.reduce((least, time) => Math.min(least, time), Infinity),
    toMs: times.reduce((most, time) => Math.max(most, time), -Infinity),
  };
}

/** The rollup slices that the rows of a plan add to. */
export function slicesOf(counted: UsageRow[]): {
  fromDay: string;
  toDay: string;
  projects: string[];
} {
  const days = counted.map(({ usage }) => usage.event_time.slice(0, 10)).sort();
  return {
    fromDay: days[0]!,
    toDay: days.at(-1)!,
    projects: [...new Set(counted.map(({ usage }) => usage.project))],
  };
}
