import { readFile } from 'node:fs/promises';
import { createClient } from '@clickhouse/client';
import type { ClickHouseAddress } from './client.js';

const SCHEMA = new URL('../schema/', import.meta.url);
const SCHEMA_VERSION = 1;

/** In the order of creation: what a view reads comes before the view. */
const TABLES = [
  'usage_raw',
  'usage_identities',
  'usage_per_day',
  'usage_per_hour',
  'usage_set_aside',
];

/** The database holds tables of another version than this code's. */
export class SchemaRefused extends Error {}

/**
 * Creates the database and today's tables where they are missing.
 * @throws SchemaRefused when the tables are of a version that this code cannot bring up to date.
 */
export async function migrateClickHouse(address: ClickHouseAddress): Promise<void> {
  const { database, ...server } = address;
  const client = createClient({ ...server, request_timeout: 30_000 });
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${quoted(database)}` });
  } finally {
    await client.close();
  }
  await createTables(address);
}

async function createTables(address: ClickHouseAddress): Promise<void> {
  const client = createClient({ ...address, request_timeout: 30_000 });
  try {
    await client.command({
      query:
        'CREATE TABLE IF NOT EXISTS schema_version (version UInt32) ENGINE = MergeTree ORDER BY version',
    });
    const answer = await client.query({
      query: 'SELECT max(version) AS version, count() AS rows FROM schema_version',
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<{ version: number; rows: string }>();
    const found = Number(row?.rows) === 0 ? 0 : Number(row?.version);
    if (found === SCHEMA_VERSION) return;
    if (found !== 0) {
      throw new SchemaRefused(
        `the ClickHouse tables are of version ${found} and this code knows ${SCHEMA_VERSION}: run the version that wrote them, or start with --fresh`,
      );
    }
    for (const table of TABLES) {
      const statements = (await readFile(new URL(`${table}.sql`, SCHEMA), 'utf8')).split(/;\s*$/m);
      for (const query of statements.filter((statement) => statement.trim() !== ''))
        await client.command({ query });
    }
    await client.insert({
      table: 'schema_version',
      values: [{ version: SCHEMA_VERSION }],
      format: 'JSONEachRow',
    });
  } finally {
    await client.close();
  }
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
