import { randomUUID } from 'node:crypto';
import { STORED_SUMS, storedValueSql } from '#meters';
import type { ClickHouseClient } from './client.js';

const ROLLUPS = [
  {
    table: 'usage_per_day',
    grain: 'day',
    ofRaw: "toDate(event_time, 'UTC')",
    dimensions: ['customer', 'application', 'provider', 'model', 'type'],
  },
  {
    table: 'usage_per_hour',
    grain: 'hour',
    ofRaw: "toStartOfHour(event_time, 'UTC')",
    dimensions: ['application', 'provider', 'model', 'type'],
  },
] as const;

/** What to compare: whole UTC days, `fromDay` to `toDay` inclusive (`YYYY-MM-DD`); all projects when none are named. */
export interface ComparisonExtent {
  fromDay: string;
  toDay: string;
  projects?: string[];
}

/** A rollup slice whose sums were not those of `usage_raw`; `missing` is what raw has and the rollup lacks, by column. */
export interface RollupDifference {
  table: string;
  slice: Record<string, string | null>;
  missing: Record<string, string>;
}

/**
 * Compares both rollups with `usage_raw` over whole days and inserts what differs, so that afterwards they agree.
 * Only right while nothing inserts usage: the caller holds the storing lock exclusively.
 */
export async function correctRollups(
  client: ClickHouseClient,
  extent: ComparisonExtent,
): Promise<RollupDifference[]> {
  const differences: RollupDifference[] = [];
  for (const rollup of ROLLUPS) {
    const rows = await differingSlices(client, rollup, extent);
    if (rows.length === 0) continue;
    await client.insert({
      table: rollup.table,
      values: rows,
      format: 'JSONEachRow',
      // Without a token of its own, a correction equal to an earlier one would be dropped as a repeat of it.
      clickhouse_settings: { insert_deduplication_token: `correction:${randomUUID()}` },
    });
    differences.push(...rows.map((row) => differenceOf(rollup, row)));
  }
  return differences;
}

type Row = Record<string, string | null>;

async function differingSlices(
  client: ClickHouseClient,
  { table, grain, ofRaw, dimensions }: (typeof ROLLUPS)[number],
  { fromDay, toDay, projects }: ComparisonExtent,
): Promise<Row[]> {
  const key = ['project', grain, ...dimensions].join(', ');
  const ofProjects = projects ? 'AND project IN {projects:Array(String)}' : '';
  const sumsOf = (sign: '' | '-') =>
    STORED_SUMS.map(
      (column) => `${sign}sum(${sign === '' ? storedValueSql(column) : column}) AS ${column}`,
    ).join(', ');
  const answer = await client.query({
    query: `
      SELECT ${key}, ${STORED_SUMS.map((column) => `toString(sum(part.${column})) AS ${column}`).join(', ')}
      FROM (
        SELECT project, ${ofRaw} AS ${grain}, ${dimensions.join(', ')}, ${sumsOf('')}
        FROM usage_raw WHERE toDate(event_time, 'UTC') BETWEEN {fromDay:Date} AND {toDay:Date} ${ofProjects}
        GROUP BY ${key}
        UNION ALL
        SELECT ${key}, ${sumsOf('-')}
        FROM ${table} WHERE toDate(${grain}) BETWEEN {fromDay:Date} AND {toDay:Date} ${ofProjects}
        GROUP BY ${key}
      ) AS part
      GROUP BY ${key}
      HAVING ${STORED_SUMS.map((column) => `sum(part.${column}) != 0`).join(' OR ')}`,
    query_params: { fromDay, toDay, ...(projects ? { projects } : {}) },
    format: 'JSONEachRow',
  });
  return answer.json<Row>();
}

function differenceOf(
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
