import { sql } from 'kysely';
import type { WatchDimension } from '#contracts';
import { countOfCountersMax } from '#meters';
import type { Postgres } from './database.js';
import { type LimitedKind, limitsInForce, type ProjectLimits } from './limit-defaults.js';

/** How much a project may have, and has. */
export class LimitedThings {
  constructor(private readonly postgres: Postgres) {}

  /**
   * How much a project may have; undefined when there is no such project. Until the transaction ends nobody else is told,
   * whatever is to be created: to be asked in the one that creates, before it does.
   */
  async lockedLimits(project: string): Promise<ProjectLimits | undefined> {
    const row = await this.postgres
      .selectFrom('projects')
      .select('limits')
      .where('id', '=', project)
      .where('deleted_at', 'is', null)
      .forNoKeyUpdate()
      .executeTakeFirst();
    return row && limitsInForce(row.limits);
  }

  used(project: string, kind: LimitedKind): Promise<number> {
    return kind === 'counters_per_event'
      ? this.countersPerEvent(project)
      : this.living(project, kind);
  }

  private async living(project: string, kind: keyof typeof LIVING): Promise<number> {
    const { rows } = await sql<{ used: number }>`
      SELECT count(*)::int AS used FROM ${LIVING[kind]} AND project = ${project}`.execute(
      this.postgres,
    );
    return rows[0]!.used;
  }

  private async countersPerEvent(project: string): Promise<number> {
    const { rows } = await sql<{ per: WatchDimension[]; alike: number }>`
      SELECT per, count(*)::int AS alike FROM (
        SELECT per FROM ${LIVING.budgets} AND project = ${project}
        UNION ALL SELECT per FROM ${LIVING.rates} AND project = ${project}
      ) AS watches GROUP BY per`.execute(this.postgres);
    return rows.reduce((sum, { per, alike }) => sum + alike * countOfCountersMax(per), 0);
  }
}

/** The table of each kind of thing, and which of its rows are there for their project. */
const LIVING = {
  budgets: sql`budgets WHERE deleted_at IS NULL`,
  rates: sql`rates WHERE deleted_at IS NULL`,
  mutes: sql`alert_mutes WHERE until > now()`,
  webhook_endpoints: sql`webhook_endpoints WHERE deleted_at IS NULL`,
  keys: sql`api_keys WHERE revoked_at IS NULL AND application IS NULL AND (expires_at IS NULL OR expires_at > now())`,
  applications: sql`applications WHERE deleted_at IS NULL`,
} satisfies Record<Exclude<LimitedKind, 'counters_per_event'>, unknown>;
