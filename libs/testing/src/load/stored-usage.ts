import type { ClickHouseClient } from '#clickhouse';

/** One row of `usage_raw`, reduced to what is compared. Counts and money as text, so that no digit is lost. */
export interface StoredEvent {
  source: string;
  id: string;
  identity: string;
  position: string;
  event_time: string;
  customer: string | null;
  provider: string;
  model: string;
  type: string;
  requests: string;
  input_tokens: string;
  cache_read_tokens: string;
  cache_write_tokens: string;
  output_tokens: string;
  output_reasoning_tokens: string;
  fate: string;
  cost: string;
}

/** Sums of one slice of a rollup. */
export interface StoredSums {
  window: string;
  customer: string | null;
  model: string;
  events: string;
  requests: string;
  input_tokens: string;
  cache_read_tokens: string;
  cache_write_tokens: string;
  output_tokens: string;
  output_reasoning_tokens: string;
  cost: string;
  unpriced_events: string;
}

export interface StoredSetAside {
  source: string;
  id: string;
  decided_as: string;
  position: string;
}

/** All that is stored of one project, straight from the tables. */
export interface StoredUsage {
  events: StoredEvent[];
  /** Hashes of counted identities, as the view wrote them. */
  identities: string[];
  perDay: StoredSums[];
  perHour: StoredSums[];
  setAside: StoredSetAside[];
}

const POSITION =
  "concat(origin_cluster, '/', toString(origin_partition), '/', toString(origin_offset), '/', toString(origin_index))";
const COUNTS = [
  'requests',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'output_reasoning_tokens',
];
const SUMMED = ['events', ...COUNTS, 'cost', 'unpriced_events'];

const rollup = (table: string, grain: string, customer: string) => `
  SELECT toString(slice.${grain}) AS window, ${customer} AS customer, ifNull(slice.model, '') AS model,
    ${SUMMED.map((column) => `toString(sum(slice.${column})) AS ${column}`).join(', ')}
  FROM ${table} AS slice WHERE slice.project = {project:String}
  GROUP BY ALL`;

const QUERIES = {
  events: `
    SELECT source, id, lower(hex(identity)) AS identity, ${POSITION} AS position,
      concat(replaceOne(toString(event_time), ' ', 'T'), 'Z') AS event_time, customer, provider, model, type,
      ${COUNTS.map((column) => `toString(${column}) AS ${column}`).join(', ')},
      cost_state AS fate, toString(cost) AS cost
    FROM usage_raw WHERE project = {project:String}`,
  identities: `SELECT lower(hex(identity)) AS identity FROM usage_identities WHERE project = {project:String}`,
  perDay: rollup('usage_per_day', 'day', 'slice.customer'),
  perHour: rollup('usage_per_hour', 'hour', 'NULL'),
  setAside: `
    SELECT source, id, decided_as, ${POSITION} AS position FROM usage_set_aside WHERE project = {project:String}`,
};

export async function readStoredUsage(
  client: ClickHouseClient,
  project: string,
): Promise<StoredUsage> {
  const rows = async <T>(query: string): Promise<T[]> => {
    const answer = await client.query({
      query,
      query_params: { project },
      format: 'JSONEachRow',
    });
    return answer.json<T>();
  };
  return {
    events: await rows<StoredEvent>(QUERIES.events),
    identities: (await rows<{ identity: string }>(QUERIES.identities)).map((row) => row.identity),
    perDay: await rows<StoredSums>(QUERIES.perDay),
    perHour: await rows<StoredSums>(QUERIES.perHour),
    setAside: await rows<StoredSetAside>(QUERIES.setAside),
  };
}
