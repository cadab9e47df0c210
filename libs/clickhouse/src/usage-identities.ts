import type { ClickHouseClient } from './client.js';

const LOOKUP_IDENTITIES_MAX = 5_000;
const HEX = /^[0-9a-f]{32}$/;

/**
 * The content hashes of those identities that are stored, by identity (both 32 hex digits).
 * Rows of the plan `exceptPlan` are left out: a plan that is decided again must not take its own rows for repeats.
 */
export async function findIdentities(
  client: ClickHouseClient,
  {
    partition,
    identities,
    exceptPlan,
  }: { partition: number; identities: string[]; exceptPlan: string | null },
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < identities.length; start += LOOKUP_IDENTITIES_MAX) {
    const chunk = identities.slice(start, start + LOOKUP_IDENTITIES_MAX);
    const answer = await client.query({
      // The literals stand in the body because thousands of them do not fit a URL; `literal` lets nothing but hex digits through.
      query: `
        SELECT lower(hex(identity)), lower(hex(content))
        FROM usage_identities
        WHERE origin_partition = {partition:UInt16} AND plan_token != {exceptPlan:String}
          AND identity IN (${chunk.map(literal).join(',')})`,
      query_params: { partition, exceptPlan: exceptPlan ?? '' },
      format: 'JSONCompactEachRow',
      clickhouse_settings: { max_query_size: '4000000' },
    });
    for (const [identity, content] of await answer.json<[string, string]>())
      found.set(identity, content);
  }
  return found;
}

/** The number of identities stored for a partition. */
export async function countIdentities(
  client: ClickHouseClient,
  partition: number,
): Promise<number> {
  const answer = await client.query({
    query: 'SELECT count() FROM usage_identities WHERE origin_partition = {partition:UInt16}',
    query_params: { partition },
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[string]>();
  return Number(row?.[0]);
}

/** Streams the identities stored for a partition, 16 bytes each, a chunk at a time. */
export async function* streamIdentities(
  client: ClickHouseClient,
  partition: number,
): AsyncGenerator<Buffer> {
  const { stream } = await client.exec({
    query:
      'SELECT identity FROM usage_identities WHERE origin_partition = {partition:UInt16} FORMAT RowBinary',
    query_params: { partition },
  });
  for await (const chunk of stream) yield chunk as Buffer;
}

function literal(identity: string): string {
  if (!HEX.test(identity)) throw new Error(`not an identity: ${identity}`);
  return `'${identity.replace(/../g, '\\x$&')}'`;
}
