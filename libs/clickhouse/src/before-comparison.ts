import type { ClickHouseClient } from './client.js';

/** The span of days that `usage_raw` covers; null when it is empty. */
export async function storedDays(
  client: ClickHouseClient,
): Promise<{ fromDay: string; toDay: string } | null> {
  const answer = await client.query({
    query:
      "SELECT toString(toDate(min(event_time), 'UTC')), toString(toDate(max(event_time), 'UTC')), count() FROM usage_raw",
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[string, string, string | number]>();
  return row === undefined || Number(row[2]) === 0 ? null : { fromDay: row[0], toDay: row[1] };
}

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
