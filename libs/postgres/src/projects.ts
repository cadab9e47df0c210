import { sql, type Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { ProjectsTable } from './tables/projects.js';

export type Project = Omit<Selectable<ProjectsTable>, 'deleted_at'>;

const COLUMNS = ['id', 'name', 'markup', 'created_at'] as const;

/** The tenants. A deleted project is no longer found, and its keys stop working. */
export class Projects {
  constructor(private readonly postgres: Postgres) {}

  /** Undefined when the id is taken, also by a deleted project. */
  create(project: { id: string; name: string; markup?: string }): Promise<Project | undefined> {
    return this.postgres
      .insertInto('projects')
      .values(project)
      .onConflict((conflict) => conflict.doNothing())
      .returning(COLUMNS)
      .executeTakeFirst();
  }

  find(id: string): Promise<Project | undefined> {
    return this.living().where('id', '=', id).executeTakeFirst();
  }

  list(request: ListRequest): Promise<Project[]> {
    return pageOf(this.living(), request);
  }

  update(id: string, change: { name?: string; markup?: string }): Promise<Project | undefined> {
    if (Object.keys(change).length === 0) return this.find(id);
    return this.postgres
      .updateTable('projects')
      .set(change)
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returning(COLUMNS)
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
        .returning(COLUMNS)
        .executeTakeFirst();
    });
  }

  private living() {
    return this.postgres.selectFrom('projects').select(COLUMNS).where('deleted_at', 'is', null);
  }
}
