import { randomUUID } from 'node:crypto';
import { createDatabase, migratePostgres } from '#postgres/writes';
import { testEngines } from './test-engines.js';

/** A migrated PostgreSQL database of a test's own on the shared server. */
export async function makeTestDatabase(): Promise<{
  databaseUrl: string;
  drop: () => Promise<void>;
}> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const database = await createDatabase(testEngines().databaseUrl, name);
  await migratePostgres(database.databaseUrl);
  return database;
}
