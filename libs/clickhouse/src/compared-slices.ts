import type { ClickHouseClient } from './client.js';
import { withinDays } from './within-days.js';

/** Rows of `usage_raw` that one comparison adds up, unless a single hour or customer of one project has more. */
const ROWS_AT_ONCE = 1_000_000;
const PROJECTS_AT_ONCE = 1_000;
/** A comparison names each run of its days. */
const DAYS_AT_ONCE = 100;

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

/** As much as one query compares: the slices of its projects on any of its days. */
export interface ComparedSlices extends Omit<DaySlices, 'day'> {
  days: readonly string[];
  projects: readonly string[];
  /** Of so many parts by hour, customer and identity, this one. */
  part: { at: number; of: number };
}

/** What is asked of a day, and the raw rows of each project that has anything on it in any of the tables. */
export interface CountedDay {
  slices: DaySlices;
  /** Also of projects that another day is asked of: both days may be compared together. */
  rows: ReadonlyMap<string, number>;
}

/**
 * Cuts slices into comparisons that each end within the limit of a query, in the order of the tables. Small days are compared
 * together: a plan of late events has rows of a month, and each comparison keeps all storing waiting.
 */
export async function cutComparison(
  client: ClickHouseClient,
  all: readonly DaySlices[],
): Promise<ComparedSlices[]> {
  const byDay = all.toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const comparisons: ComparedSlices[] = [];
  for (let from = 0; from < byDay.length; from += DAYS_AT_ONCE)
    comparisons.push(...cutDays(await countRows(client, byDay.slice(from, from + DAYS_AT_ONCE))));
  return comparisons;
}

/** Days whose rows together are few become one comparison; a day that has too many is cut by its projects. */
export function cutDays(counted: readonly CountedDay[]): ComparedSlices[] {
  const comparisons: ComparedSlices[] = [];
  let gathered: CountedDay[] = [];
  let gatheredRows = 0;
  let projects = new Set<string>();
  const close = () => {
    const [first] = gathered;
    if (gathered.length > 1) comparisons.push(comparedTogether(gathered, [...projects]));
    else if (first) comparisons.push(...cutDay(first));
    [gathered, gatheredRows, projects] = [[], 0, new Set()];
  };
  for (const day of counted) {
    if (day.rows.size === 0) continue;
    const rows = [...day.rows.values()].reduce((sum, ofProject) => sum + ofProject, 0);
    const together = new Set([...projects, ...day.rows.keys()]);
    if (gatheredRows + rows > ROWS_AT_ONCE || together.size > PROJECTS_AT_ONCE) close();
    gathered.push(day);
    gatheredRows += rows;
    for (const project of day.rows.keys()) projects.add(project);
  }
  close();
  return comparisons;
}

/** Each project on each day, each customer and each hour: more than was asked for is as right, and counted above. */
function comparedTogether(days: readonly CountedDay[], projects: string[]): ComparedSlices {
  const union = <T>(of: (slices: DaySlices) => readonly T[] | undefined) => {
    const each = days.map(({ slices }) => of(slices));
    return each.includes(undefined) ? undefined : [...new Set(each.flatMap((one) => one ?? []))];
  };
  const customers = union((slices) => slices.customers);
  const hours = union((slices) => slices.hours);
  return {
    days: days.map(({ slices }) => slices.day),
    projects,
    ...(customers ? { customers } : {}),
    ...(hours ? { hours } : {}),
    part: { at: 0, of: 1 },
  };
}

function cutDay({ slices: { day, ...slices }, rows }: CountedDay): ComparedSlices[] {
  const comparisons: ComparedSlices[] = [];
  let gathered: string[] = [];
  let gatheredRows = 0;
  const close = () => {
    if (gathered.length === 0) return;
    comparisons.push({ ...slices, days: [day], projects: gathered, part: { at: 0, of: 1 } });
    [gathered, gatheredRows] = [[], 0];
  };
  const wanted = slices.projects && new Set(slices.projects);
  for (const [project, ofProject] of rows) {
    if (wanted?.has(project) === false) continue;
    const parts = Math.ceil(ofProject / ROWS_AT_ONCE);
    if (parts > 1) {
      for (let at = 0; at < parts; at++)
        comparisons.push({ ...slices, days: [day], projects: [project], part: { at, of: parts } });
      continue;
    }
    if (gatheredRows + ofProject > ROWS_AT_ONCE || gathered.length === PROJECTS_AT_ONCE) close();
    gathered.push(project);
    gatheredRows += ofProject;
  }
  close();
  return comparisons;
}

async function countRows(
  client: ClickHouseClient,
  all: readonly DaySlices[],
): Promise<CountedDay[]> {
  const wanted = all.every(({ projects }) => projects)
    ? [...new Set(all.flatMap(({ projects }) => projects ?? []))]
    : null;
  const days = withinDays(all.map(({ day }) => day));
  const ofProjects = wanted ? 'AND project IN {projects:Array(String)}' : '';
  const answer = await client.query({
    query: `
      SELECT toString(part.day), project, toString(sum(part.rows))
      FROM (
        SELECT toDate(event_time, 'UTC') AS day, project, count() AS rows
        FROM usage_raw WHERE ${days.raw} ${ofProjects} GROUP BY day, project
        UNION ALL
        SELECT day, project, 0 FROM usage_per_day WHERE ${days.perDay} ${ofProjects} GROUP BY day, project
        UNION ALL
        SELECT toDate(hour, 'UTC') AS day, project, 0
        FROM usage_per_hour WHERE ${days.perHour} ${ofProjects} GROUP BY day, project
      ) AS part
      GROUP BY part.day, project ORDER BY project`,
    query_params: { ...days.parameters, ...(wanted ? { projects: wanted } : {}) },
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
  });
  const counts = Map.groupBy(await answer.json<[string, string, string]>(), ([day]) => day);
  return all.map((slices) => {
    const ofDay = (counts.get(slices.day) ?? []).map(
      ([, project, rows]) => [project, Number(rows)] as const,
    );
    return { slices, rows: new Map(ofDay) };
  });
}
