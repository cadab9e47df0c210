import { sql } from 'kysely';
import type { Postgres } from './database.js';

/** What is managed under `/v1/<name>/{id}`, by its table. */
const TABLES = {
  keys: 'api_keys',
  applications: 'applications',
  customers: 'customers',
  budgets: 'budgets',
  rates: 'rates',
  mutes: 'alert_mutes',
  'webhook-endpoints': 'webhook_endpoints',
} as const;

/** Columns that no row is shown with. */
const SECRETS = ['secret_hash', 'secrets'];

/** Things as their rows are, without secrets: what a change is told by. */
export class ManagedThings {
  constructor(private readonly postgres: Postgres) {}

  /** Null where there is none, or nothing is known under that name. */
  async find(project: string, name: string, id: string): Promise<unknown> {
    if (name === 'projects') return this.row('projects', sql`id = ${project} AND id = ${id}`);
    if (name === 'anomaly-settings') return this.row('anomaly_settings', sql`project = ${project}`);
    const table = Object.hasOwn(TABLES, name) ? TABLES[name as keyof typeof TABLES] : undefined;
    return table === undefined ? null : this.row(table, sql`project = ${project} AND id = ${id}`);
  }

  private async row(table: string, condition: ReturnType<typeof sql>): Promise<unknown> {
    const { rows } = await sql<{ row: unknown }>`
      SELECT to_jsonb(thing) - ${SECRETS}::text[] AS row FROM ${sql.table(table)} AS thing WHERE ${condition}
    `.execute(this.postgres);
    return rows[0]?.row ?? null;
  }
}
