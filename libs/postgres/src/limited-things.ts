import { sql } from 'kysely';
import type { Postgres } from './database.js';
import { type LimitedKind, limitsInForce } from './limit-defaults.js';

/** How much a project may have, and has. */
export class LimitedThings {
  constructor(private readonly postgres: Postgres) {}

  /**
   * How much of a kind a project may have; undefined when there is no such project. Until the transaction ends nobody
   * else is told: to be asked in the one that creates, before it does.
   */
  async lockedLimit(project: string, kind: LimitedKind): Promise<number | undefined> {
    const row = await this.postgres
      .selectFrom('projects')
      .select('limits')
      .where('id', '=', project)
      .where('deleted_at', 'is', null)
      .forNoKeyUpdate()
      .executeTakeFirst();
    return row && limitsInForce(row.limits)[kind];
  }

  async used(project: string, kind: LimitedKind): Promise<number> {
    const { rows } = await sql<{ used: number }>`
      SELECT count(*)::int AS used FROM ${LIVING[kind]} AND project = ${project}`.execute(
      this.postgres,
    );
    return rows[0]!.used;
  }
}

/** Each kind's table, and which of its rows are there for their project. */
const LIVING = {
  budgets: sql`budgets WHERE deleted_at IS NULL`,
  rates: sql`rates WHERE deleted_at IS NULL`,
  mutes: sql`alert_mutes WHERE until > now()`,
  webhook_endpoints: sql`webhook_endpoints WHERE deleted_at IS NULL`,
  keys: sql`api_keys WHERE revoked_at IS NULL AND application IS NULL AND (expires_at IS NULL OR expires_at > now())`,
  applications: sql`applications WHERE deleted_at IS NULL`,
} satisfies Record<LimitedKind, unknown>;
