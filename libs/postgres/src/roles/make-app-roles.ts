import pg from 'pg';
import { APP_ROLES, type AppRole, roleNameOf } from './app-roles.js';
import { scramVerifier } from './scram-verifier.js';

const TAKEN = '42710';

/**
 * Makes the roles of the apps that a password is given for, or gives them that password. They may log in and nothing else: what they
 * may do in a database is granted where its tables are migrated.
 * @throws when the role of `databaseUrl` may not make roles.
 */
export async function makeAppRoles(
  databaseUrl: string,
  passwords: Partial<Record<AppRole, string>>,
): Promise<void> {
  const given = APP_ROLES.flatMap((app) => {
    const password = passwords[app];
    return password === undefined ? [] : [{ role: roleNameOf(app), password }];
  });
  if (given.length === 0) return;
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    for (const { role, password } of given) {
      await makeRole(client, role);
      await client.query(
        `ALTER ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`,
      );
    }
  } finally {
    await client.end();
  }
}

async function makeRole(client: pg.Client, role: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount !== 0) return;
  await client.query(`CREATE ROLE ${role} LOGIN`).catch((error: unknown) => {
    // Another set-up of the same server was faster.
    if (!(error instanceof pg.DatabaseError) || error.code !== TAKEN) throw error;
  });
}
