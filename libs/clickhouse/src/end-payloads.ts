import type { ClickHouseClient } from './client.js';

/**
 * Empties the payloads that were appended on a UTC day and before `before`; the rows stay, with all else that they say. The server rewrites the
 * column in the background, in the parts that hold such rows. Again, it changes nothing.
 */
export async function endPayloads(
  client: ClickHouseClient,
  day: string,
  before: Date,
): Promise<void> {
  await client.command({
    query: `
      ALTER TABLE usage_set_aside UPDATE payload = '', payload_encoding = 'ended'
      WHERE toDate(origin_appended_at, 'UTC') = {day:Date}
        AND origin_appended_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC') AND decided_as != 'repeat' AND payload_encoding != 'ended'`,
    query_params: { day, before: String(before.getTime()) },
  });
}
