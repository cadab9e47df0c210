import type { ClickHouseClient } from '#clickhouse';
import { USAGE_PARTITIONS } from '#contracts';

const IDENTITIES_AT_ONCE = 1_000_000;

/**
 * Identities as events with the ids `stored-0`, `stored-1` and so on would have left them, made inside ClickHouse: hashed
 * and spread over the partitions as the door does it.
 */
export async function storeIdentities(
  client: ClickHouseClient,
  { project, count }: { project: string; count: number },
): Promise<void> {
  for (let first = 0; first < count; first += IDENTITIES_AT_ONCE) {
    await client.command({
      query: `
        INSERT INTO usage_identities (origin_partition, identity, content, project, customer, event_time, plan_token)
        SELECT CRC32(text) % ${USAGE_PARTITIONS}, substring(SHA256(text), 1, 16), substring(SHA256(concat('content', text)), 1, 16),
          {project:String}, concat('customer-', toString(number % 1000)), now64(3) - number % 3000000,
          concat('plan ', toString(CRC32(text) % ${USAGE_PARTITIONS}), ' ', toString(intDiv(number, 50000)))
        FROM (
          SELECT number, concat({project:String}, '\\0api\\0stored-', toString(number)) AS text
          FROM numbers({first:UInt64}, {count:UInt64})
        )`,
      query_params: { project, first, count: Math.min(IDENTITIES_AT_ONCE, count - first) },
    });
  }
}
