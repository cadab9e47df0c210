import type { ClickHouseClient } from './client.js';

/** Rows of `usage_raw` that one comparison adds up, unless a single hour or customer of one project has more. */
const ROWS_AT_ONCE = 1_000_000;
const PROJECTS_AT_ONCE = 1_000;

/** Slices of the rollups: those of some projects on one UTC day (`YYYY-MM-DD`). */
export interface DaySlices {
  day: string;
  /** All when absent. */
  projects?: readonly string[];
  /** Of `usage_per_day`, those of these customers alone; an empty one stands for events without. */
  customers?: readonly string[];
  /** Of `usage_per_hour`, these hours of the day alone, from 0 to 23. */
  hours?: readonly number[];
}

/** As much of a day as one query compares. */
export interface ComparedSlices extends DaySlices {
  projects: readonly string[];
  /** Of so many parts by hour, customer and identity, this one. */
  part: { at: number; of: number };
}

/** Cuts slices into comparisons that each end within the limit of a query, in the order of the tables. */
export async function cutComparison(
  client: ClickHouseClient,
  slices: DaySlices,
): Promise<ComparedSlices[]> {
  const comparisons: ComparedSlices[] = [];
  let gathered: string[] = [];
  let gatheredRows = 0;
  const close = () => {
    if (gathered.length === 0) return;
    comparisons.push({ ...slices, projects: gathered, part: { at: 0, of: 1 } });
    [gathered, gatheredRows] = [[], 0];
  };
  for (const [project, rows] of await rowsOfProjects(client, slices)) {
    const parts = Math.ceil(rows / ROWS_AT_ONCE);
    if (parts > 1) {
      for (let at = 0; at < parts; at++)
        comparisons.push({ ...slices, projects: [project], part: { at, of: parts } });
      continue;
    }
    if (gatheredRows + rows > ROWS_AT_ONCE || gathered.length === PROJECTS_AT_ONCE) close();
    gathered.push(project);
    gatheredRows += rows;
  }
  close();
  return comparisons;
}

/**
 * SQL: the rows of `{day:Date}`, as a range of the table's own column, so that months and the sort key are used. A moment in
 * milliseconds is held against one of its own kind: against a `DateTime`, ClickHouse 26.7 skips granules of the day's last second.
 */
export const RAW_OF_DAY =
  "event_time >= toDateTime64({day:Date}, 3, 'UTC') AND event_time < toDateTime64({day:Date} + 1, 3, 'UTC')";
export const HOURS_OF_DAY =
  "hour >= toDateTime({day:Date}, 'UTC') AND hour < toDateTime({day:Date} + 1, 'UTC')";

/** Projects that have anything on that day in any of the tables, with their raw rows. */
async function rowsOfProjects(
  client: ClickHouseClient,
  { day, projects }: DaySlices,
): Promise<[string, number][]> {
  const ofProjects = projects ? 'AND project IN {projects:Array(String)}' : '';
  const answer = await client.query({
    query: `
      SELECT project, toString(sum(part.rows))
      FROM (
        SELECT project, count() AS rows FROM usage_raw WHERE ${RAW_OF_DAY} ${ofProjects} GROUP BY project
        UNION ALL
        SELECT project, 0 FROM usage_per_day WHERE day = {day:Date} ${ofProjects} GROUP BY project
        UNION ALL
        SELECT project, 0 FROM usage_per_hour WHERE ${HOURS_OF_DAY} ${ofProjects} GROUP BY project
      ) AS part
      GROUP BY project ORDER BY project`,
    query_params: { day, ...(projects ? { projects } : {}) },
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
  });
  const rows = await answer.json<[string, string]>();
  return rows.map(([project, count]) => [project, Number(count)]);
}
