import type pg from 'pg';
import { APP_ROLES, type AppRole, roleNameOf } from './app-roles.js';
import { SEQUENCE_GRANTS, TABLE_GRANTS } from './grants.js';

/**
 * Gives the roles that the server has exactly what the lists say and takes everything else back, in one transaction: an app that
 * runs meanwhile is never without. Where the server has none of them, nothing happens. Repeated, it changes nothing.
 */
export async function applyGrants(client: pg.Client): Promise<void> {
  const names = APP_ROLES.map(roleNameOf);
  const known = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE rolname = ANY($1)',
    [names],
  );
  const isKnown = (app: AppRole) => known.rows.some(({ rolname }) => rolname === roleNameOf(app));
  const statements = APP_ROLES.filter(isKnown).flatMap(statementsFor);
  if (statements.length > 0) await client.query(['BEGIN', ...statements, 'COMMIT'].join(';\n'));
}

function statementsFor(app: AppRole): string[] {
  const role = roleNameOf(app);
  return [
    `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role}`,
    `REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM ${role}`,
    `GRANT USAGE ON SCHEMA public TO ${role}`,
    ...granting(app, TABLE_GRANTS, 'TABLE'),
    ...granting(app, SEQUENCE_GRANTS, 'SEQUENCE'),
  ];
}

function granting(
  app: AppRole,
  lists: Record<string, Partial<Record<AppRole, string>>>,
  kind: 'TABLE' | 'SEQUENCE',
): string[] {
  return Object.entries(lists).flatMap(([name, grants]) => {
    const granted = grants[app];
    return granted === undefined
      ? []
      : [`GRANT ${granted} ON ${kind} ${name} TO ${roleNameOf(app)}`];
  });
}
