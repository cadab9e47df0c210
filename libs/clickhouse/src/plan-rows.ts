import type { ClickHouseClient } from './client.js';

/** Where to look for a plan's rows: narrow enough that the sort key and the months serve the search. */
export interface PlanExtent {
  token: string;
  projects: string[];
  /** Milliseconds since the epoch, inclusive. */
  fromMs: number;
  toMs: number;
}

/** A position inside a partition, as text: `<offset>:<index>`. */
export type PositionText = `${string}:${string}`;

/** The positions that `usage_raw` holds of a plan. */
export function rawPositions(
  client: ClickHouseClient,
  extent: PlanExtent,
): Promise<Set<PositionText>> {
  return positions(client, 'usage_raw', 'event_time', extent);
}

/** The positions that `usage_set_aside` holds of a plan. */
export function setAsidePositions(
  client: ClickHouseClient,
  extent: PlanExtent,
): Promise<Set<PositionText>> {
  return positions(client, 'usage_set_aside', 'origin_appended_at', extent);
}

async function positions(
  client: ClickHouseClient,
  table: string,
  timeColumn: string,
  { token, projects, fromMs, toMs }: PlanExtent,
): Promise<Set<PositionText>> {
  const answer = await client.query({
    query: `
      SELECT concat(toString(origin_offset), ':', toString(origin_index))
      FROM ${table}
      WHERE project IN {projects:Array(String)} AND plan_token = {token:String}
        AND ${timeColumn} >= fromUnixTimestamp64Milli({fromMs:Int64}) AND ${timeColumn} <= fromUnixTimestamp64Milli({toMs:Int64})`,
    query_params: { projects, token, fromMs, toMs },
    format: 'JSONCompactEachRow',
  });
  return new Set((await answer.json<[PositionText]>()).map(([position]) => position));
}
