import type { ClickHouseClient } from './client.js';

/** How many inserts into the usage tables the server works on at this moment. */
export async function countInsertsUnderWay(client: ClickHouseClient): Promise<number> {
  const answer = await client.query({
    query:
      "SELECT count() FROM system.processes WHERE query_kind = 'Insert' AND current_database = currentDatabase()",
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[string]>();
  return Number(row?.[0]);
}
