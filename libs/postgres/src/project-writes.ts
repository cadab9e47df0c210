import { sql } from 'kysely';
import type { Postgres } from './database.js';
import { abandonDeliveries } from './delivery-writes.js';
import type { LimitedKind, ProjectLimits } from './limit-defaults.js';
import { type Project, PROJECT_COLUMNS, Projects } from './projects.js';
import { CHANGED } from './watch-writes.js';

export interface ProjectChange {
  name?: string;
  markup?: string;
  limits?: { [Kind in LimitedKind]?: number | null };
}

/** Makes, changes and deletes tenants. */
export class ProjectWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Undefined when the id is taken, also by a deleted project. */
  create(project: { id: string; name: string; markup?: string }): Promise<Project | undefined> {
    return this.postgres
      .insertInto('projects')
      .values(project)
      .onConflict((conflict) => conflict.doNothing())
      .returning(PROJECT_COLUMNS)
      .executeTakeFirst();
  }

  /** A limit that is not named stays as it is; null brings its default back. */
  update(id: string, { limits, ...change }: ProjectChange): Promise<Project | undefined> {
    if (Object.keys(change).length === 0 && !limits) return new Projects(this.postgres).find(id);
    const changed = JSON.stringify(limits ?? {});
    return this.postgres
      .updateTable('projects')
      .set({
        ...change,
        limits: sql<ProjectLimits>`jsonb_strip_nulls(limits || ${changed}::jsonb)`,
      })
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returning(PROJECT_COLUMNS)
      .executeTakeFirst();
  }

  /**
   * Deletes the project and all that works for it at once: its keys are revoked, its watches and endpoints end, and what
   * waits to be sent is given up. Undefined when there is none.
   */
  delete(id: string): Promise<Project | undefined> {
    return this.postgres.transaction().execute(async (transaction) => {
      const now = sql<Date>`clock_timestamp()`;
      // First, and locked: whoever makes something in the project waits for its end, or is waited for.
      const deleted = await transaction
        .updateTable('projects')
        .set({ deleted_at: now })
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .returning(PROJECT_COLUMNS)
        .executeTakeFirst();
      if (!deleted) return undefined;
      await endAllOf(transaction, id);
      return deleted;
    });
  }
}

async function endAllOf(transaction: Postgres, project: string): Promise<void> {
  const now = sql<Date>`clock_timestamp()`;
  await transaction
    .updateTable('api_keys')
    .set({ revoked_at: now, changed_at: now })
    .where('project', '=', project)
    .where('revoked_at', 'is', null)
    .execute();
  for (const table of ['budgets', 'rates'] as const)
    await transaction
      .updateTable(table)
      .set({ deleted_at: now, ...CHANGED })
      .where('project', '=', project)
      .where('deleted_at', 'is', null)
      .execute();
  const endpoints = await transaction
    .updateTable('webhook_endpoints')
    .set({ deleted_at: now })
    .where('project', '=', project)
    .where('deleted_at', 'is', null)
    .returning('id')
    .execute();
  for (const { id } of endpoints) await abandonDeliveries(transaction, id);
  await transaction.deleteFrom('alert_mutes').where('project', '=', project).execute();
}
