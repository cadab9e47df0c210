import {
  CARRIED_FIELDS,
  type CarriedField,
  type CarriedValues,
  type Identity,
  identityOf,
  type KindOf,
  partitionOf,
} from '#contracts';
import type { ClickHouseClient } from './client.js';

/** A field as the answer to a query holds it: the values of a map as JSON text. */
type StoredFields = {
  [F in CarriedField]: KindOf<F> extends 'map' ? Record<string, string> : CarriedValues[F];
};

/** A counted event as `usage_raw` holds it. Times are milliseconds since the epoch, amounts decimal strings of US dollars. */
export interface StoredEvent extends StoredFields {
  project: string;
  event_time_ms: string;
  source: string;
  id: string;
  type: string;
  api_key: string;
  received_at_ms: string;
  usage: Record<string, string>;
  cost_state: 'priced' | 'free' | 'unpriced';
  cost_amount: string;
  cost_partial_amount: string;
  cost_reason: string;
  cost_detail: string;
  /** JSON. */
  cost_lines: string;
  price_version: string;
  origin_cluster: string;
  origin_partition: number;
  origin_offset: string;
  origin_index: number;
}

const CARRIED_COLUMNS = CARRIED_FIELDS.map((field) => `\`${field}\``).join(', ');

const LOOKUP_SECONDS_MAX = 5;
export const LOOKUP_SETTINGS = {
  max_execution_time: LOOKUP_SECONDS_MAX,
  output_format_json_quote_64bit_integers: 1,
} as const;

interface Whereabouts {
  customer: string | null;
  event_time_ms: string;
}

/**
 * The counted event of this identity, or undefined. The identity table says where its row lies, so the time and the
 * customer need not be known; it holds other projects' rows as well, hence the project in the condition.
 */
export async function findEvent(
  client: ClickHouseClient,
  identity: Identity,
): Promise<StoredEvent | undefined> {
  const place = await findPlace(client, identity);
  if (place === undefined) return undefined;
  const answer = await client.query({
    query: `
      SELECT project, toUnixTimestamp64Milli(event_time) AS event_time_ms, source, id, type, api_key,
        toUnixTimestamp64Milli(received_at) AS received_at_ms, ${CARRIED_COLUMNS}, usage,
        cost_state, toString(cost) AS cost_amount, toString(cost_partial) AS cost_partial_amount,
        cost_reason, cost_detail, cost_lines, price_version,
        origin_cluster, origin_partition, origin_offset, origin_index
      FROM usage_raw
      WHERE project = {project:String} AND ifNull(customer, '') = {customer:String}
        AND event_time = fromUnixTimestamp64Milli({event_time_ms:Int64}, 'UTC') AND identity = unhex({identity:String})
      LIMIT 1`,
    query_params: {
      project: identity.project,
      customer: place.customer ?? '',
      event_time_ms: place.event_time_ms,
      identity: identityOf(identity),
    },
    format: 'JSONEachRow',
    clickhouse_settings: LOOKUP_SETTINGS,
  });
  const [event] = await answer.json<StoredEvent>();
  return event;
}

async function findPlace(
  client: ClickHouseClient,
  identity: Identity,
): Promise<Whereabouts | undefined> {
  const answer = await client.query({
    query: `
      SELECT customer, toUnixTimestamp64Milli(event_time) AS event_time_ms
      FROM usage_identities
      WHERE origin_partition = {partition:UInt16} AND identity = unhex({identity:String}) AND project = {project:String}
      LIMIT 1`,
    query_params: {
      partition: partitionOf(identity),
      identity: identityOf(identity),
      project: identity.project,
    },
    format: 'JSONEachRow',
    clickhouse_settings: LOOKUP_SETTINGS,
  });
  const [place] = await answer.json<Whereabouts>();
  return place;
}
