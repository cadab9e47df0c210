import { type AppRole, roleNameOf } from './app-roles.js';

/** The address of the same database for an app's role. */
export function roleUrl(databaseUrl: string, app: AppRole, password: string): string {
  const url = new URL(databaseUrl);
  url.username = roleNameOf(app);
  url.password = password;
  return url.href;
}
