import { STORED_SUMS, storedSumSql } from '#meters';
import {
  type TimeRange,
  type UsageDimension,
  type UsageRead,
  type UsageTable,
} from './plan-usage-read.js';

/** A row's place in the order of rows: its window and its values of the dimensions grouped by. */
export interface UsagePosition {
  /** Where its window begins. */
  windowFrom: number;
  values: (string | null)[];
}

export interface UsageQuery {
  project: string;
  /** Adjoining and in order, as many as one statement can carry: some thousands. */
  windows: readonly TimeRange[];
  groupBy: readonly UsageDimension[];
  /** An empty value stands for events without the dimension. */
  filters: ReadonlyMap<UsageDimension, readonly string[]>;
  /** The last group of the page before. */
  after?: UsagePosition | undefined;
  limit: number;
}

/** How a table names its time, in milliseconds and as the column that its sort key knows. */
const TABLES: Record<UsageTable, { time: string; column: string; bound: string }> = {
  usage_raw: {
    time: 'toUnixTimestamp64Milli(event_time)',
    column: 'event_time',
    bound: `fromUnixTimestamp64Milli({%:Int64}, 'UTC')`,
  },
  usage_per_hour: {
    time: 'toInt64(toUnixTimestamp(hour)) * 1000',
    column: 'hour',
    bound: `toDateTime(intDiv({%:Int64}, 1000), 'UTC')`,
  },
  usage_per_day: {
    time: `toInt64(toUnixTimestamp(toDateTime(day, 'UTC'))) * 1000`,
    column: 'day',
    bound: `toDate(toDateTime(intDiv({%:Int64}, 1000), 'UTC'))`,
  },
};

/** A statement whose every value is a parameter. */
export interface UsageStatement {
  query: string;
  query_params: Record<string, unknown>;
}

/** A row for each window and group that has events: where the window begins, the values, the sums as text. */
export function usageStatement(query: UsageQuery, reads: readonly UsageRead[]): UsageStatement {
  const groups = ['window_from', ...query.groupBy.map((name) => `\`${name}\``)];
  const order = ['window_from', ...query.groupBy.map((name) => `\`${name}\` ASC NULLS FIRST`)];
  return {
    query: `
      SELECT ${[...groups, ...STORED_SUMS.map((name) => `toString(sum(part.${name}))`)].join(', ')}
      FROM (${reads.map((read) => selectFrom(read, query)).join(' UNION ALL ')}) AS part
      GROUP BY ${groups.join(', ')}
      ${query.after ? `HAVING ${afterCondition(query.groupBy)}` : ''}
      ORDER BY ${order.join(', ')}
      LIMIT {limit:UInt32}`,
    query_params: parametersOf(query, reads),
  };
}

/** The part of one table, already summed, so that little is left to merge. */
function selectFrom({ table, ranges }: UsageRead, { groupBy, filters }: UsageQuery): string {
  const { time, column, bound } = TABLES[table];
  const groups = ['window_from', ...groupBy.map((name) => `\`${name}\``)];
  const conditions = [
    'project = {project:String}',
    `${column} >= ${bound.replace('%', `${table}_first`)}`,
    `${column} < ${bound.replace('%', `${table}_last`)}`,
    ...[...filters.keys()].map(
      (name) => `ifNull(\`${name}\`, '') IN {${name}_values:Array(String)}`,
    ),
  ];
  if (ranges.length > 1) {
    const starts = `{${table}_starts:Array(Int64)}`;
    conditions.push(
      `transform(roundDown(${time}, ${starts}), ${starts}, {${table}_ends:Array(Int64)}, toInt64(0)) > ${time}`,
    );
  }
  return `
    SELECT roundDown(${time}, {window_starts:Array(Int64)}) AS window_from,
      ${[...groups.slice(1), ...STORED_SUMS.map((name) => `${storedSumSql(name, table)} AS ${name}`)].join(', ')}
    FROM ${table} WHERE ${conditions.join(' AND ')} GROUP BY ${groups.join(', ')}`;
}

/** Null comes first, as in the order of the rows. */
function afterCondition(groupBy: readonly UsageDimension[]): string {
  const row = groupBy.flatMap((name) => [`isNotNull(\`${name}\`)`, `ifNull(\`${name}\`, '')`]);
  const last = groupBy.flatMap((_, index) => [
    `{after_known_${index}:UInt8}`,
    `{after_${index}:String}`,
  ]);
  return `tuple(${['window_from', ...row].join(', ')}) > tuple(${['{after_window:Int64}', ...last].join(', ')})`;
}

function parametersOf(query: UsageQuery, reads: readonly UsageRead[]): Record<string, unknown> {
  const parameters: Record<string, unknown> = {
    project: query.project,
    limit: query.limit,
    window_starts: query.windows.map(({ from }) => from),
  };
  for (const { table, ranges } of reads) {
    parameters[`${table}_first`] = ranges[0]?.from;
    parameters[`${table}_last`] = ranges.at(-1)?.to;
    if (ranges.length === 1) continue;
    parameters[`${table}_starts`] = ranges.map(({ from }) => from);
    parameters[`${table}_ends`] = ranges.map(({ to }) => to);
  }
  for (const [name, values] of query.filters) parameters[`${name}_values`] = values;
  if (query.after) {
    parameters['after_window'] = query.after.windowFrom;
    for (const [index, value] of query.after.values.entries()) {
      parameters[`after_known_${index}`] = value === null ? 0 : 1;
      parameters[`after_${index}`] = value ?? '';
    }
  }
  return parameters;
}
