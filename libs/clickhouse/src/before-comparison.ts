import type { ClickHouseClient } from './client.js';

/** The UTC days (`YYYY-MM-DD`) from the first to the last that has anything in `usage_raw` or a rollup. */
export async function storedDays(client: ClickHouseClient): Promise<string[]> {
  const answer = await client.query({
    query: `
      SELECT toString(arrayJoin(range(toUInt32(min(stored.first)), toUInt32(max(stored.last)) + 1))::Date)
      FROM (
        SELECT toDate(min(event_time), 'UTC') AS first, toDate(max(event_time), 'UTC') AS last FROM usage_raw HAVING count() > 0
        UNION ALL SELECT min(day), max(day) FROM usage_per_day HAVING count() > 0
        UNION ALL SELECT toDate(min(hour), 'UTC'), toDate(max(hour), 'UTC') FROM usage_per_hour HAVING count() > 0
      ) AS stored HAVING count() > 0`,
    format: 'JSONCompactEachRow',
  });
  return (await answer.json<[string]>()).map(([day]) => day);
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
