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
