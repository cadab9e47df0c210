import { identityOf, type Identity } from '#contracts';
import type { ClickHouseClient } from './client.js';
import { LOOKUP_SETTINGS } from './event-lookup.js';

/** Where an item that was set aside came from: its name for ever. */
export interface SetAsidePosition {
  cluster: string;
  partition: number;
  offset: string;
  index: number;
}

/** A quarantined or conflicting item. Times are milliseconds since the epoch. */
export interface SetAsideItem extends SetAsidePosition {
  source: string;
  id: string;
  customer: string | null;
  event_time_ms: string | null;
  received_at_ms: string | null;
  appended_at_ms: string;
  reason: string;
  detail: string;
  /**
   * Null in lists when it is larger than 64 KiB: a page of whole records would be hundreds of megabytes. Null also behind its
   * end, with `ended` as its encoding.
   */
  payload: string | null;
  payload_encoding: 'json' | 'base64' | 'ended';
}

const ITEM = `
  source, id, customer, toUnixTimestamp64Milli(event_time) AS event_time_ms,
  toUnixTimestamp64Milli(received_at) AS received_at_ms, toUnixTimestamp64Milli(origin_appended_at) AS appended_at_ms,
  reason, detail, payload_encoding,
  origin_cluster AS cluster, origin_partition AS partition, origin_offset AS offset, origin_index AS index`;

const PAYLOAD = "if(payload_encoding = 'ended', NULL, payload) AS payload";

const LISTED_PAYLOAD_BYTES_MAX = 65_536;

/** A plan that is stored again under another token may leave a row twice. */
const ONCE = 'LIMIT 1 BY origin_cluster, origin_partition, origin_offset, origin_index';

export interface SetAsideList {
  project: string;
  decidedAs: 'conflict' | 'quarantined';
  limit: number;
  /** The last item of the page before. */
  after?: (SetAsidePosition & { appended_at_ms: string }) | undefined;
}

/** The project's items, the newest first. Those that no project could be read from have the project ''. */
export async function listSetAside(
  client: ClickHouseClient,
  { project, decidedAs, limit, after }: SetAsideList,
): Promise<SetAsideItem[]> {
  const order = [
    'origin_appended_at',
    'origin_cluster',
    'origin_partition',
    'origin_offset',
    'origin_index',
  ];
  const answer = await client.query({
    query: `
      SELECT ${ITEM}, if(payload_encoding = 'ended' OR length(payload) > ${LISTED_PAYLOAD_BYTES_MAX}, NULL, payload) AS payload
      FROM usage_set_aside
      WHERE project = {project:String} AND decided_as = {decided_as:String}
        ${
          after
            ? `AND tuple(${order.join(', ')}) < tuple(fromUnixTimestamp64Milli({appended_at_ms:Int64}, 'UTC'),
                {cluster:String}, {partition:UInt16}, {offset:UInt64}, {index:UInt32})`
            : ''
        }
      ORDER BY ${order.map((column) => `${column} DESC`).join(', ')}
      ${ONCE} LIMIT {limit:UInt32}`,
    query_params: { project, decided_as: decidedAs, limit, ...after },
    format: 'JSONEachRow',
    clickhouse_settings: LOOKUP_SETTINGS,
  });
  return answer.json<SetAsideItem>();
}

/** The project's quarantined item at a position, or undefined. */
export async function findQuarantined(
  client: ClickHouseClient,
  project: string,
  position: SetAsidePosition,
): Promise<SetAsideItem | undefined> {
  const answer = await client.query({
    query: `
      SELECT ${ITEM}, ${PAYLOAD} FROM usage_set_aside
      WHERE project = {project:String} AND decided_as = 'quarantined' AND origin_cluster = {cluster:String}
        AND origin_partition = {partition:UInt16} AND origin_offset = {offset:UInt64} AND origin_index = {index:UInt32}
      LIMIT 1`,
    query_params: { project, ...position },
    format: 'JSONEachRow',
    clickhouse_settings: LOOKUP_SETTINGS,
  });
  const [item] = await answer.json<SetAsideItem>();
  return item;
}

export interface SetAsideCounts {
  repeats: number;
  conflicts: number;
}

/** How often an identity came again, each position counted once. */
export async function countSetAside(
  client: ClickHouseClient,
  identity: Identity,
): Promise<SetAsideCounts> {
  const position = '(origin_cluster, origin_partition, origin_offset, origin_index)';
  const answer = await client.query({
    query: `
      SELECT uniqExactIf(${position}, decided_as = 'repeat') AS repeats,
        uniqExactIf(${position}, decided_as = 'conflict') AS conflicts
      FROM usage_set_aside
      WHERE project = {project:String} AND decided_as IN ('repeat', 'conflict') AND identity = unhex({identity:String})`,
    query_params: { project: identity.project, identity: identityOf(identity) },
    format: 'JSONEachRow',
    clickhouse_settings: LOOKUP_SETTINGS,
  });
  const [counts] = await answer.json<{ repeats: string; conflicts: string }>();
  return { repeats: Number(counts?.repeats ?? 0), conflicts: Number(counts?.conflicts ?? 0) };
}

/** The newest quarantined item of this source and id, or undefined. */
export async function findQuarantinedById(
  client: ClickHouseClient,
  { project, source, id }: Identity,
): Promise<SetAsideItem | undefined> {
  const answer = await client.query({
    query: `
      SELECT ${ITEM}, ${PAYLOAD} FROM usage_set_aside
      WHERE project = {project:String} AND decided_as = 'quarantined' AND source = {source:String} AND id = {id:String}
      ORDER BY origin_appended_at DESC LIMIT 1`,
    query_params: { project, source, id },
    format: 'JSONEachRow',
    clickhouse_settings: LOOKUP_SETTINGS,
  });
  const [item] = await answer.json<SetAsideItem>();
  return item;
}
