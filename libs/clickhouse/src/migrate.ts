import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { applyMigrations } from './apply-migrations.js';
import type { ClickHouseAddress } from './client.js';
import { type Deployment, oneNode, renderStatement } from './deployment.js';
import { readMigrations } from './read-migrations.js';

/** A migration may rewrite a table: longer than any other statement. */
const STATEMENT_SECONDS_MAX = 600;

/**
 * Creates the database where it is missing and brings it to today's tables: each statement of `migrations/` once, in order.
 * The caller sees to it that one process at a time does so, and raises `stopped` when it can no longer.
 * @throws SchemaRefused when the database is newer than this code, or a file was changed after it ran.
 */
export async function migrateClickHouse(
  { database, user, ...server }: ClickHouseAddress,
  { stopped, deployment = oneNode }: { stopped?: AbortSignal; deployment?: Deployment } = {},
): Promise<string[]> {
  const connect = (settings: { database?: string }) =>
    createClient({
      ...server,
      ...settings,
      username: user,
      // Longer than the server's own limit, so that it is the server that ends a statement.
      request_timeout: (STATEMENT_SECONDS_MAX + 10) * 1_000,
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: { max_execution_time: STATEMENT_SECONDS_MAX, async_insert: 0 },
    });
  const outside = connect({});
  try {
    const create = `CREATE DATABASE IF NOT EXISTS ${quoted(database)} \${on_cluster}`;
    await outside.command({ query: renderStatement(create, deployment) });
  } finally {
    await outside.close();
  }
  const client = connect({ database });
  try {
    const migrations = await readMigrations();
    return await applyMigrations(client, { migrations, deployment, stopped });
  } finally {
    await client.close();
  }
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
