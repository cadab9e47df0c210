import { Readable } from 'node:stream';
import type { ClickHouseClient } from './client.js';

const BLOCK_ROWS = 1_000_000;
const BLOCK_BYTES = 1_000_000_000;

/**
 * One insert as one block, under a deduplication token: repeated with the same token it stores nothing more.
 * Resolves when the server has answered OK; rejects when it is unknown what was stored.
 */
export async function insertRowBinary(
  client: ClickHouseClient,
  {
    table,
    columns,
    bytes,
    token,
  }: { table: string; columns: readonly string[]; bytes: Buffer; token: string },
): Promise<void> {
  const { stream } = await client.exec({
    query: `INSERT INTO ${table} (${columns.join(', ')}) FORMAT RowBinary`,
    values: Readable.from([bytes], { objectMode: false }),
    clickhouse_settings: {
      insert_deduplication_token: token,
      insert_deduplicate: 1,
      max_insert_block_size: String(BLOCK_ROWS),
      min_insert_block_size_rows: String(BLOCK_ROWS),
      min_insert_block_size_bytes: String(BLOCK_BYTES),
    },
  });
  for await (const rest of stream) void rest;
}
