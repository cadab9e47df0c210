import { STORED_SUMS, storedValueSql } from '#meters';
import type { ClickHouseClient } from './client.js';
import type { ComparedSlices } from './compared-slices.js';
import { type DaysCondition, withinDays } from './within-days.js';

export const ROLLUPS = [
  {
    table: 'usage_per_day',
    grain: 'day',
    time: ({ perDay }: DaysCondition) => perDay,
    ofRaw: "toDate(event_time, 'UTC')",
    dimensions: ['customer', 'application', 'provider', 'model', 'type'],
    narrowed: {
      by: 'customers',
      sql: () => "ifNull(customer, '') IN {customers:Array(String)}",
    },
    part: () => "cityHash64(ifNull(customer, ''))",
  },
  {
    table: 'usage_per_hour',
    grain: 'hour',
    time: ({ perHour }: DaysCondition) => perHour,
    ofRaw: "toStartOfHour(event_time, 'UTC')",
    dimensions: ['application', 'provider', 'model', 'type'],
    narrowed: {
      by: 'hours',
      sql: (column: string) => `toHour(${column}, 'UTC') IN {hours:Array(UInt8)}`,
    },
    part: (column: string) => `toHour(${column}, 'UTC')`,
  },
] as const;

/** A rollup slice whose sums were not those of `usage_raw`; `missing` is what raw has and the rollup lacks, by column. */
export interface RollupDifference {
  table: string;
  slice: Record<string, string | null>;
  missing: Record<string, string>;
}

/** Compares both rollups with `usage_raw`. While usage is inserted it may find what is only time. */
export async function compareRollups(
  client: ClickHouseClient,
  slices: ComparedSlices,
): Promise<RollupDifference[]> {
  const differences: RollupDifference[] = [];
  for (const rollup of ROLLUPS) {
    const rows = await differingSlices(client, rollup, slices);
    differences.push(...rows.map((row) => differenceOf(rollup, row)));
  }
  return differences;
}

type Row = Record<string, string | null>;

/** Each differing slice as a row of the rollup that holds what it lacks. */
export async function differingSlices(
  client: ClickHouseClient,
  { table, grain, time, ofRaw, dimensions, narrowed, part }: (typeof ROLLUPS)[number],
  { days, projects, customers, hours, part: { at, of } }: ComparedSlices,
): Promise<Row[]> {
  const within = withinDays(days);
  const key = ['project', grain, ...dimensions].join(', ');
  const sumsOf = (sign: '' | '-') =>
    STORED_SUMS.map(
      (column) => `${sign}sum(${sign === '' ? storedValueSql(column) : column}) AS ${column}`,
    ).join(', ');
  const isNarrowed = { customers, hours }[narrowed.by] !== undefined;
  const conditions = (column: string) =>
    [
      'project IN {projects:Array(String)}',
      ...(isNarrowed ? [narrowed.sql(column)] : []),
      ...(of > 1 ? [`${part(column)} % {parts:UInt32} = {part:UInt32}`] : []),
    ].join(' AND ');
  const answer = await client.query({
    query: `
      SELECT ${key}, ${STORED_SUMS.map((column) => `toString(sum(part.${column})) AS ${column}`).join(', ')}
      FROM (
        SELECT project, ${ofRaw} AS ${grain}, ${dimensions.join(', ')}, ${sumsOf('')}
        FROM usage_raw WHERE ${within.raw} AND ${conditions('event_time')}
        GROUP BY ${key}
        UNION ALL
        SELECT ${key}, ${sumsOf('-')}
        FROM ${table} WHERE ${time(within)} AND ${conditions(grain)}
        GROUP BY ${key}
      ) AS part
      GROUP BY ${key}
      HAVING ${STORED_SUMS.map((column) => `sum(part.${column}) != 0`).join(' OR ')}`,
    query_params: {
      ...within.parameters,
      projects,
      ...(isNarrowed ? { [narrowed.by]: { customers, hours }[narrowed.by] } : {}),
      ...(of > 1 ? { parts: of, part: at } : {}),
    },
    format: 'JSONEachRow',
    use_multipart_params_auto: true,
  });
  return answer.json<Row>();
}

export function differenceOf(
  { table, grain, dimensions }: (typeof ROLLUPS)[number],
  row: Row,
): RollupDifference {
  const slice = Object.fromEntries(
    ['project', grain, ...dimensions].map((column) => [column, row[column] ?? null]),
  );
  const missing = STORED_SUMS.filter((column) => row[column] !== '0').map((column) => [
    column,
    row[column] ?? '0',
  ]);
  return { table, slice, missing: Object.fromEntries(missing) as Record<string, string> };
}
