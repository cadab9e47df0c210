import type { ClickHouseClient } from './client.js';
import { planUsageRead, type TimeRange } from './plan-usage-read.js';
import {
  USAGE_SUMS,
  type UsagePosition,
  type UsageQuery,
  usageStatement,
} from './usage-statement.js';

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
  const sums = row.slice(1 + dimensions);
  const count = (name: (typeof USAGE_SUMS)[number]): bigint =>
    BigInt(sums[USAGE_SUMS.indexOf(name)] ?? '0');
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
      cost: sums[USAGE_SUMS.indexOf('cost')] ?? '0',
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
