import { METERS, STORED_SUMS, type StoredSum, unitsFromDecimal } from '#meters';
import type { ClickHouseClient } from './client.js';
import { planUsageRead, type TimeRange } from './plan-usage-read.js';
import { type UsagePosition, type UsageQuery, usageStatement } from './usage-statement.js';

/** In whole units, exact: pico-dollars of cost, else counts. */
export type UsageSums = Record<StoredSum, bigint>;

export interface UsageGroup extends UsagePosition {
  sums: UsageSums;
}

const QUERY_SECONDS_MAX = 20;
const READ_SETTINGS = {
  max_execution_time: QUERY_SECONDS_MAX,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
} as const;

/**
 * The sums of each window and group that has events, ordered by window and then by the values, null first.
 * @throws when ClickHouse does not answer in time.
 */
export async function queryUsage(
  client: ClickHouseClient,
  query: UsageQuery,
): Promise<UsageGroup[]> {
  const reads = planUsageRead(query.windows, new Set([...query.groupBy, ...query.filters.keys()]));
  if (reads.length === 0) return [];
  const answer = await client.query({
    ...usageStatement(query, reads),
    format: 'JSONCompactEachRow',
    clickhouse_settings: READ_SETTINGS,
    use_multipart_params_auto: true,
  });
  const rows = await answer.json<(string | null)[]>();
  return rows.map((row) => groupOf(row, query.groupBy.length));
}

function groupOf(row: (string | null)[], dimensions: number): UsageGroup {
  const texts = row.slice(1 + dimensions);
  const sums = STORED_SUMS.map((name, at) => [
    name,
    unitsFromDecimal(texts[at] ?? '0', METERS[name].unit),
  ]);
  return {
    windowFrom: Number(row[0]),
    values: row.slice(1, 1 + dimensions),
    sums: Object.fromEntries(sums) as UsageSums,
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
