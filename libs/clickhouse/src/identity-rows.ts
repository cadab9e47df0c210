import type { ClickHouseClient } from './client.js';
import { insertRowBinary, type InsertTokens } from './insert-row-binary.js';
import { RowBinaryWriter } from './row-binary-writer.js';
import type { UsageRow } from './usage-raw.js';

const COLUMNS = [
  'origin_partition',
  'identity',
  'content',
  'project',
  'customer',
  'event_time',
  'plan_token',
] as const;

/** Inserts identities by hand, for rows of `usage_raw` whose view was cut off. */
export async function insertIdentities(
  client: ClickHouseClient,
  rows: UsageRow[],
  tokens: InsertTokens,
): Promise<void> {
  const writer = new RowBinaryWriter();
  for (const { usage, origin } of rows) {
    writer.uint16(origin.partition);
    writer.fixedHex(usage.identity);
    writer.fixedHex(usage.content);
    writer.string(usage.project);
    writer.nullableString(usage.customer);
    writer.dateTime64(Date.parse(usage.event_time));
    writer.string(tokens.planToken);
  }
  await insertRowBinary(client, {
    table: 'usage_identities',
    columns: COLUMNS,
    bytes: writer.bytes(),
    tokens,
  });
}
