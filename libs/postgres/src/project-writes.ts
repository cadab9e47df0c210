import { sql } from 'kysely';
import type { Postgres } from './database.js';
import { type Project, PROJECT_COLUMNS, Projects } from './projects.js';

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

  update(id: string, change: { name?: string; markup?: string }): Promise<Project | undefined> {
    if (Object.keys(change).length === 0) return new Projects(this.postgres).find(id);
    return this.postgres
      .updateTable('projects')
      .set(change)
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returning(PROJECT_COLUMNS)
      .executeTakeFirst();
  }

  /** Deletes the project and revokes every key of it at once; undefined when there is none. */
  delete(id: string): Promise<Project | undefined> {
    return this.postgres.transaction().execute(async (transaction) => {
      const now = sql<Date>`clock_timestamp()`;
      await transaction
        .updateTable('api_keys')
        .set({ revoked_at: now, changed_at: now })
        .where('project', '=', id)
        .where('revoked_at', 'is', null)
        .execute();
      return transaction
        .updateTable('projects')
        .set({ deleted_at: now })
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .returning(PROJECT_COLUMNS)
        .executeTakeFirst();
    });
  }
}
