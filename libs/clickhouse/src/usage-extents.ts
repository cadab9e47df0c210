import type { ClickHouseClient } from './client.js';
import { type OriginRange, originSql } from './origin-range.js';

/** How many hours one answer has at most: then there may be more. */
export const USAGE_HOURS_MAX = 2_000;

/** How many events of a project have their time in an hour. */
export interface HourOfUsage {
  startMs: number;
  events: number;
}

/**
 * The next hours of a project that have events, in order, from the hour that holds `fromMs` on: of the rollup, so it costs
 * little and is an estimate.
 * @throws when ClickHouse does not answer in time.
 */
export async function readUsageHours(
  client: ClickHouseClient,
  project: string,
  fromMs: number,
): Promise<HourOfUsage[]> {
  const answer = await client.query({
    query: `
      SELECT toInt64(toUnixTimestamp(hour)) * 1000 AS start, toString(sum(events))
      FROM usage_per_hour
      WHERE project = {project:String} AND hour >= toStartOfHour(toDateTime({from:Int64}, 'UTC'))
      GROUP BY hour ORDER BY hour LIMIT ${USAGE_HOURS_MAX}`,
    query_params: { project, from: Math.floor(fromMs / 1000) },
    format: 'JSONCompactEachRow',
  });
  const rows = await answer.json<[string | number, string]>();
  return rows.map(([start, events]) => ({ startMs: Number(start), events: Number(events) }));
}

/** From the first to the last event time, in milliseconds since the epoch. */
export interface UsageExtent {
  firstMs: number;
  lastMs: number;
}

/**
 * When the stored events of a project in each of these positions happened; null where there are none.
 * @throws when ClickHouse does not answer in time.
 */
export async function readUsageExtents(
  client: ClickHouseClient,
  {
    project,
    cluster,
    ranges,
  }: { project: string; cluster: string; ranges: readonly (OriginRange & { from: bigint })[] },
): Promise<(UsageExtent | null)[]> {
  const parameters: Record<string, unknown> = { project };
  const isInAny = originSql({ cluster }, ranges, parameters);
  // Ranges of one partition do not overlap.
  const places = ranges.map(
    (_, at) =>
      `origin_partition = {partition_${at}:UInt16} AND origin_offset < {below_${at}:UInt64} AND origin_offset >= {from_${at}:UInt64}, ${at}`,
  );
  const answer = await client.query({
    query: `
      SELECT multiIf(${places.join(', ')}, ${ranges.length}) AS place,
        toString(min(toUnixTimestamp64Milli(event_time))), toString(max(toUnixTimestamp64Milli(event_time)))
      FROM usage_raw WHERE project = {project:String} AND ${isInAny}
      GROUP BY place`,
    query_params: parameters,
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
  });
  const extents: (UsageExtent | null)[] = ranges.map(() => null);
  for (const [at, first, last] of await answer.json<[number, string, string]>())
    extents[at] = { firstMs: Number(first), lastMs: Number(last) };
  return extents;
}
