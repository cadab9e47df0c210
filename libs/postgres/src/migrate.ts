import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { applyGrants } from './roles/apply-grants.js';

const MIGRATIONS = new URL('../migrations/', import.meta.url);
const MIGRATION_LOCK = 7_235_001;

/** The database holds a migration that this version does not know, or knows with other content. */
export class MigrationRefused extends Error {}

/**
 * Brings the database to today's tables: each file of `migrations/` once, in order, in one transaction of its own. Then the apps'
 * roles are granted what they need.
 * @throws MigrationRefused when the database is newer than this code, or a file was changed after it ran.
 */
export async function migratePostgres(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const applied = await applyMissing(client, await readMigrations());
    await applyGrants(client);
    return applied;
  } finally {
    await client.end();
  }
}

async function readMigrations(): Promise<Map<string, { sql: string; checksum: string }>> {
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, MIGRATIONS), 'utf8');
      return [name, { sql, checksum: createHash('sha256').update(sql).digest('hex') }] as const;
    }),
  );
  return new Map(files);
}

async function applyMissing(
  client: pg.Client,
  migrations: Map<string, { sql: string; checksum: string }>,
): Promise<string[]> {
  const applied = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM migrations',
  );
  for (const { name, checksum } of applied.rows) {
    const known = migrations.get(name);
    if (!known)
      throw new MigrationRefused(
        `the database has migration ${name}, which this version does not know: run a newer version, or start with --fresh`,
      );
    if (known.checksum !== checksum)
      throw new MigrationRefused(
        `migration ${name} was changed after it ran: restore the file, or start with --fresh`,
      );
    migrations.delete(name);
  }
  for (const [name, { sql, checksum }] of migrations) {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    await client.query('COMMIT');
  }
  return [...migrations.keys()];
}
