import { TupleParam } from '@clickhouse/client';
import type { ClickHouseClient } from './client.js';
import type { UsageRow } from './usage-raw.js';

const HOUR_MS = 3_600_000;
/** Of the sort key of `usage_raw`, in one query. */
const KEYS_AT_ONCE = 2_000;

/** Where to look for a plan's set-aside rows: narrow enough that the sort key and the months serve the search. */
export interface PlanExtent {
  token: string;
  projects: string[];
  /** Milliseconds since the epoch, inclusive. */
  fromMs: number;
  toMs: number;
}

/** A position inside a partition, as text: `<offset>:<index>`. */
export type PositionText = `${string}:${string}`;

const POSITION = "concat(toString(origin_offset), ':', toString(origin_index))";

/** The positions that `usage_raw` holds of a plan for these rows. Reads the hours of their customers, whatever lies between. */
export async function rawPositions(
  client: ClickHouseClient,
  token: string,
  rows: readonly UsageRow[],
): Promise<Set<PositionText>> {
  const keys = keysOf(rows);
  const held = new Set<PositionText>();
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    const answer = await client.query({
      query: `
        SELECT ${POSITION}
        FROM usage_raw
        WHERE (project, ifNull(customer, ''), toStartOfHour(event_time)) IN {keys:Array(Tuple(String, String, DateTime('UTC')))}
          AND plan_token = {token:String}`,
      query_params: { token, keys: keys.slice(start, start + KEYS_AT_ONCE) },
      format: 'JSONCompactEachRow',
      use_multipart_params_auto: true,
    });
    for (const [position] of await answer.json<[PositionText]>()) held.add(position);
  }
  return held;
}

/** In the order of the table, so that those of one query lie together. */
function keysOf(rows: readonly UsageRow[]): TupleParam[] {
  const keys = new Map<string, [string, string, string]>();
  for (const { usage } of rows) {
    const hour = Math.floor(Date.parse(usage.event_time) / HOUR_MS) * HOUR_MS;
    const time = new Date(hour).toISOString().slice(0, 19).replace('T', ' ');
    const key: [string, string, string] = [usage.project, usage.customer ?? '', time];
    keys.set(JSON.stringify(key), key);
  }
  return [...keys].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => new TupleParam(key));
}

/** The positions that `usage_set_aside` holds of a plan. */
export async function setAsidePositions(
  client: ClickHouseClient,
  { token, projects, fromMs, toMs }: PlanExtent,
): Promise<Set<PositionText>> {
  const answer = await client.query({
    query: `
      SELECT ${POSITION}
      FROM usage_set_aside
      WHERE project IN {projects:Array(String)} AND plan_token = {token:String}
        AND origin_appended_at >= fromUnixTimestamp64Milli({fromMs:Int64}) AND origin_appended_at <= fromUnixTimestamp64Milli({toMs:Int64})`,
    query_params: { projects, token, fromMs, toMs },
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
  });
  return new Set((await answer.json<[PositionText]>()).map(([position]) => position));
}
