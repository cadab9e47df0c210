import pg from 'pg';

const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Creates an empty database beside the one that `serverUrl` names, and gives its URL and the way to be rid of it again.
 * @throws when the name is not plain or taken, or the role may not create databases.
 */
export async function createDatabase(
  serverUrl: string,
  name: string,
): Promise<{ databaseUrl: string; drop: () => Promise<void> }> {
  if (!NAME.test(name)) throw new Error(`not a plain database name: ${name}`);
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    databaseUrl: url.href,
    drop: () => runOn(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function runOn(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
