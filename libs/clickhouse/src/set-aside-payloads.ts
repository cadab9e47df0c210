import type { ClickHouseClient } from './client.js';

/** The day of the oldest payload that was appended before `before`, and whether one is being ended at this moment. */
export async function payloadsToEnd(
  client: ClickHouseClient,
  before: Date,
): Promise<{ oldestDay: string | null; isEnding: boolean }> {
  const answer = await client.query({
    query: `
      SELECT toString(toDate(minOrNull(origin_appended_at), 'UTC')) AS oldestDay,
        (SELECT count() FROM system.mutations
         WHERE database = currentDatabase() AND table = 'usage_set_aside' AND NOT is_done) > 0 AS isEnding
      FROM usage_set_aside
      WHERE origin_appended_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')
        AND decided_as != 'repeat' AND payload_encoding != 'ended'`,
    query_params: { before: String(before.getTime()) },
    format: 'JSONEachRow',
  });
  const [row] = await answer.json<{ oldestDay: string | null; isEnding: 0 | 1 | boolean }>();
  return { oldestDay: row?.oldestDay ?? null, isEnding: Boolean(row?.isEnding) };
}
