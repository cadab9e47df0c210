import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { makeTestDatabase } from '#testing';
import { migratePostgres } from '../migrate.js';
import { APP_ROLES, type AppRole } from './app-roles.js';
import { SEQUENCE_GRANTS, TABLE_GRANTS } from './grants.js';

/** `insufficient_privilege` */
const REFUSED = '42501';
const TABLES = Object.keys(TABLE_GRANTS);

/** What would hurt most, by who tries it. */
const NOT_THEIRS: Record<AppRole, string[]> = {
  'ingest-api': [
    "UPDATE api_keys SET scopes = '{manage}'",
    "UPDATE api_keys SET secret_hash = ''",
    'DELETE FROM api_keys',
    'INSERT INTO budgets DEFAULT VALUES',
    "UPDATE project_rate_limits SET limits = '{}'",
    'SELECT email FROM customers',
    'SELECT secrets FROM webhook_endpoints',
    'SELECT id FROM managing_calls',
    'SELECT id FROM invoices',
    'SELECT epoch FROM partition_ownership',
  ],
  aggregator: [
    'SELECT secret_hash FROM api_keys',
    'SELECT email FROM customers',
    "UPDATE customers SET email = ''",
    "UPDATE budgets SET limit_amount = '0'",
    'DELETE FROM partition_ownership',
    'INSERT INTO alerts DEFAULT VALUES',
    'DELETE FROM alerts_set_aside',
    'SELECT secrets FROM webhook_endpoints',
    'SELECT id FROM invoices',
    "INSERT INTO projects (id, name) VALUES ('p', 'p')",
  ],
  notifier: [
    'SELECT id FROM api_keys',
    'SELECT id FROM customers',
    'SELECT id FROM managing_calls',
    "UPDATE webhook_endpoints SET secrets = '[]'",
    "UPDATE webhook_endpoints SET url = ''",
    'INSERT INTO webhook_endpoints DEFAULT VALUES',
    "UPDATE budgets SET limit_amount = '0'",
    "UPDATE alerts SET data = '{}'",
    'SELECT content FROM alerts_set_aside',
    'UPDATE partition_ownership SET stored_to = 0',
    'SELECT id FROM invoices',
  ],
  console: [
    'UPDATE partition_ownership SET stored_to = 0',
    'SELECT id FROM invoices',
    'DELETE FROM invoices',
    'SELECT name FROM stripe_writes',
    "UPDATE alerts SET data = '{}'",
    'DELETE FROM projects',
    'DELETE FROM api_keys',
    'UPDATE anomalies SET raised = true',
    'DELETE FROM delivery_attempts',
  ],
  billing: [
    'SELECT id FROM api_keys',
    "UPDATE invoices SET markup = '0'",
    'DELETE FROM invoices',
    'UPDATE invoice_lines SET amount_cents = 0',
    'DELETE FROM invoice_lines',
    "UPDATE projects SET markup = '0'",
    "UPDATE customers SET email = ''",
    'UPDATE partition_ownership SET stored_to = 0',
    'SELECT secrets FROM webhook_endpoints',
    'SELECT id FROM budgets',
  ],
};

let database: Awaited<ReturnType<typeof makeTestDatabase>>;
let owner: pg.Client;
const clients = new Map<AppRole, pg.Client>();

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

beforeAll(async () => {
  database = await makeTestDatabase();
  owner = await connect(database.databaseUrl);
  for (const app of APP_ROLES) clients.set(app, await connect(database.urlAs(app)));
});
afterAll(async () => {
  for (const client of [owner, ...clients.values()]) await client.end();
  await database.drop();
});

/** What is not refused to an app, of statements that all have to be. */
async function findAllowed(app: AppRole, statements: readonly string[]): Promise<string[]> {
  const allowed: string[] = [];
  for (const statement of statements) {
    const code = await clients
      .get(app)!
      .query(statement)
      .then(
        () => 'done',
        (error: unknown) => (error instanceof pg.DatabaseError ? error.code : String(error)),
      );
    if (code !== REFUSED) allowed.push(`${statement}: ${code}`);
  }
  return allowed;
}

const namesIn = async (query: string): Promise<unknown[]> =>
  (await owner.query<{ name: string }>(query)).rows.map(({ name }) => name);

describe('the roles of the apps', () => {
  it('are granted something, or on purpose nothing, about every table and sequence that is there', async () => {
    const tables = await namesIn(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations' ORDER BY name",
    );
    expect(tables).toEqual([...TABLES].sort());
    // Those of identity columns go with their tables.
    const sequences = await namesIn(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'i')`,
    );
    expect(sequences).toEqual(Object.keys(SEQUENCE_GRANTS));
  });

  it.each(APP_ROLES)('let %s alter, drop, empty and make no table', async (app) => {
    const ofTables = TABLES.flatMap((table) => [
      `ALTER TABLE ${table} ADD COLUMN mine int`,
      `DROP TABLE ${table}`,
      `TRUNCATE ${table} CASCADE`,
      `CREATE INDEX ON ${table} ((1))`,
    ]);
    const others = [
      'CREATE TABLE mine (id int)',
      'SELECT name FROM migrations',
      'CREATE ROLE reckoner_mine',
      'CREATE DATABASE reckoner_mine',
      "COPY (SELECT 1) TO PROGRAM 'true'",
    ];
    expect(await findAllowed(app, [...ofTables, ...others])).toEqual([]);
  });

  it.each(APP_ROLES)('keep %s from what is not its business', async (app) => {
    expect(await findAllowed(app, NOT_THEIRS[app])).toEqual([]);
  });

  it('let no app remove or rewrite what was billed', async () => {
    const rewriting = ['invoices', 'invoice_lines'].flatMap((table) => [
      `DELETE FROM ${table}`,
      `UPDATE ${table} SET ${table === 'invoices' ? 'customer' : 'charge'} = NULL`,
    ]);
    for (const app of APP_ROLES)
      expect([app, await findAllowed(app, rewriting)]).toEqual([app, []]);
  });

  it('lose at the next migration what somebody gave them by hand, and keep what is theirs', async () => {
    await owner.query('GRANT SELECT ON api_keys, invoices TO reckoner_notifier');
    expect(await findAllowed('notifier', ['SELECT id FROM api_keys'])).toEqual([
      'SELECT id FROM api_keys: done',
    ]);
    await migratePostgres(database.databaseUrl);
    expect(
      await findAllowed('notifier', ['SELECT id FROM api_keys', 'SELECT id FROM invoices']),
    ).toEqual([]);
    expect(await findAllowed('notifier', ['SELECT id FROM deliveries'])).toEqual([
      'SELECT id FROM deliveries: done',
    ]);
  });
});
