import { randomUUID } from 'node:crypto';
import type { AppRole } from '#postgres';
import { createDatabase, migratePostgres } from '#postgres/writes';
import { testEngines } from './test-engines.js';

/** A migrated PostgreSQL database of a test's own on the shared server: for its owner, and for the role of an app. */
export async function makeTestDatabase(): Promise<{
  databaseUrl: string;
  urlAs: (app: AppRole) => string;
  drop: () => Promise<void>;
}> {
  const { databaseUrl: serverUrl, databaseUrls } = testEngines();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const database = await createDatabase(serverUrl, name);
  await migratePostgres(database.databaseUrl);
  const urlAs = (app: AppRole) => {
    const url = new URL(databaseUrls[app]);
    url.pathname = `/${name}`;
    return url.href;
  };
  return { ...database, urlAs };
}
