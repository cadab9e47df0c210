/** The apps that ask PostgreSQL; each has a role of its own there. */
export const APP_ROLES = ['ingest-api', 'aggregator', 'notifier', 'console', 'billing'] as const;

export type AppRole = (typeof APP_ROLES)[number];

/** How the server names it. */
export function roleNameOf(app: AppRole): string {
  return `reckoner_${app.replace('-', '_')}`;
}
