import { Readable } from 'node:stream';
import type { ClickHouseClient } from './client.js';
import { refusedAfter } from './insert-deadlines.js';

const BLOCK_ROWS = 1_000_000;
const BLOCK_BYTES = 1_000_000_000;

/** What makes the repetition of an insert harmless. */
export interface InsertTokens {
  /** Deduplicates, as long as the server remembers it. */
  token: string;
  /** Written into every row. */
  planToken: string;
  /** The server refuses to begin it later than this, by its own clock: see `InsertDeadlines`. Absent where nobody repeats it. */
  untilMs?: number;
}

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
    tokens: { token, untilMs },
  }: { table: string; columns: readonly string[]; bytes: Buffer; tokens: InsertTokens },
): Promise<void> {
  const { stream } = await client.exec({
    query: `INSERT INTO ${table} (${columns.join(', ')}) FORMAT RowBinary`,
    values: Readable.from([bytes], { objectMode: false }),
    clickhouse_settings: {
      insert_deduplication_token: token,
      insert_deduplicate: 1,
      ...(untilMs === undefined ? {} : refusedAfter(untilMs)),
      max_insert_block_size: String(BLOCK_ROWS),
      min_insert_block_size_rows: String(BLOCK_ROWS),
      min_insert_block_size_bytes: String(BLOCK_BYTES),
    },
  });
  for await (const rest of stream) void rest;
}
