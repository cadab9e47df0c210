import type { ClickHouseClient } from './client.js';
import {
  planUsageRead,
  type TimeRange,
  type UsageDimension,
  type UsageRead,
  type UsageTable,
} from './plan-usage-read.js';

/** Counts and sums are exact: `bigint`, and cost as a decimal string of US dollars. */
export interface UsageSums {
  events: bigint;
  requests: bigint;
  input_tokens: bigint;
  cache_read_tokens: bigint;
  cache_write_tokens: bigint;
  output_tokens: bigint;
  output_reasoning_tokens: bigint;
  cost: string;
  unpriced_events: bigint;
}

export interface UsageGroup {
  /** Where its window begins. */
  windowFrom: number;
  /** The values of the dimensions grouped by, in their order. */
  values: (string | null)[];
  sums: UsageSums;
}

export interface UsageQuery {
  project: string;
  /** Adjoining and in order, as many as one statement can carry: some thousands. */
  windows: readonly TimeRange[];
  groupBy: readonly UsageDimension[];
  /** An empty value stands for events without the dimension. */
  filters: ReadonlyMap<UsageDimension, readonly string[]>;
  /** The last group of the page before. */
  after?: Pick<UsageGroup, 'windowFrom' | 'values'> | undefined;
  limit: number;
}

const COUNTS = [
  'requests',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'output_reasoning_tokens',
] as const;
/** In the order of a row. Counts are summed in 128 bits, so that a sum cannot wrap around. */
const ALL_SUMS = ['events', ...COUNTS, 'cost', 'unpriced_events'] as const;

const QUERY_SECONDS_MAX = 20;
const READ_SETTINGS = {
  max_execution_time: QUERY_SECONDS_MAX,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
} as const;

/** How a table names its time, in milliseconds and as the column that its sort key knows. */
const TABLES: Record<UsageTable, { time: string; column: string; bound: string; own: string }> = {
  usage_raw: {
    time: 'toUnixTimestamp64Milli(event_time)',
    column: 'event_time',
    bound: `fromUnixTimestamp64Milli({%:Int64}, 'UTC')`,
    own: `toInt128(count()) AS events, toInt128(countIf(cost_state = 'unpriced')) AS unpriced_events`,
  },
  usage_per_hour: {
    time: 'toInt64(toUnixTimestamp(hour)) * 1000',
    column: 'hour',
    bound: `toDateTime(intDiv({%:Int64}, 1000), 'UTC')`,
    own: 'sum(toInt128(usage_per_hour.events)) AS events, sum(toInt128(usage_per_hour.unpriced_events)) AS unpriced_events',
  },
  usage_per_day: {
    time: `toInt64(toUnixTimestamp(toDateTime(day, 'UTC'))) * 1000`,
    column: 'day',
    bound: `toDate(toDateTime(intDiv({%:Int64}, 1000), 'UTC'))`,
    own: 'sum(toInt128(usage_per_day.events)) AS events, sum(toInt128(usage_per_day.unpriced_events)) AS unpriced_events',
  },
};

/**
 * The sums of each window and group that has events, ordered by window and then by the values, null first.
 * @throws when ClickHouse does not answer in time.
 */
export async function queryUsage(
  client: ClickHouseClient,
  query: UsageQuery,
): Promise<UsageGroup[]> {
  const dimensions = new Set([...query.groupBy, ...query.filters.keys()]);
  const reads = planUsageRead(query.windows, dimensions);
  if (reads.length === 0) return [];
  const groups = ['window_from', ...query.groupBy.map((name) => `\`${name}\``)];
  const answer = await client.query({
    query: `
      SELECT ${[...groups, ...ALL_SUMS.map((name) => `toString(sum(part.${name}))`)].join(', ')}
      FROM (${reads.map((read) => selectFrom(read, query)).join(' UNION ALL ')}) AS part
      GROUP BY ${groups.join(', ')}
      ${query.after ? `HAVING ${afterCondition(query.groupBy)}` : ''}
      ORDER BY ${['window_from', ...query.groupBy.map((name) => `\`${name}\` ASC NULLS FIRST`)].join(', ')}
      LIMIT {limit:UInt32}`,
    query_params: parametersOf(query, reads),
    format: 'JSONCompactEachRow',
    clickhouse_settings: READ_SETTINGS,
    use_multipart_params_auto: true,
  });
  const rows = await answer.json<(string | null)[]>();
  return rows.map((row) => groupOf(row, query.groupBy.length));
}

/** The part of one table, already summed, so that little is left to merge. */
function selectFrom({ table, ranges }: UsageRead, { groupBy, filters }: UsageQuery): string {
  const { time, column, bound, own } = TABLES[table];
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
      ${[...groups.slice(1), own, ...COUNTS.map((name) => `sum(toInt128(${table}.${name})) AS ${name}`), `sum(${table}.cost) AS cost`].join(', ')}
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

function parametersOf(query: UsageQuery, reads: UsageRead[]): Record<string, unknown> {
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

function groupOf(row: (string | null)[], dimensions: number): UsageGroup {
  const sums = row.slice(1 + dimensions);
  const count = (name: (typeof ALL_SUMS)[number]): bigint =>
    BigInt(sums[ALL_SUMS.indexOf(name)] ?? '0');
  return {
    windowFrom: Number(row[0]),
    values: row.slice(1, 1 + dimensions),
    sums: {
      events: count('events'),
      requests: count('requests'),
      input_tokens: count('input_tokens'),
      cache_read_tokens: count('cache_read_tokens'),
      cache_write_tokens: count('cache_write_tokens'),
      output_tokens: count('output_tokens'),
      output_reasoning_tokens: count('output_reasoning_tokens'),
      cost: sums[ALL_SUMS.indexOf('cost')] ?? '0',
      unpriced_events: count('unpriced_events'),
    },
  };
}

/** The UTC days that hold the project's first and last event, as a range of whole days; null when it has none. */
export async function usageExtent(
  client: ClickHouseClient,
  project: string,
): Promise<TimeRange | null> {
  const answer = await client.query({
    query: `
      SELECT toUnixTimestamp(toDateTime(min(day), 'UTC')), toUnixTimestamp(toDateTime(max(day), 'UTC')), count()
      FROM usage_per_day WHERE project = {project:String}`,
    query_params: { project },
    format: 'JSONCompactEachRow',
    clickhouse_settings: READ_SETTINGS,
  });
  const [row] = await answer.json<[string | number, string | number, string]>();
  if (row === undefined || Number(row[2]) === 0) return null;
  return { from: Number(row[0]) * 1000, to: (Number(row[1]) + 86_400) * 1000 };
}
