import type { Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { ProjectsTable } from './tables/projects.js';

export type Project = Omit<Selectable<ProjectsTable>, 'deleted_at' | 'sole_sender'>;

export const PROJECT_COLUMNS = ['id', 'name', 'markup', 'limits', 'created_at'] as const;

/** The tenants. A deleted project is no longer found, and its keys stop working. */
export class Projects {
  constructor(private readonly postgres: Postgres) {}

  find(id: string): Promise<Project | undefined> {
    return this.living().where('id', '=', id).executeTakeFirst();
  }

  list(request: ListRequest): Promise<Project[]> {
    return pageOf(this.living(), request);
  }

  private living() {
    return this.postgres
      .selectFrom('projects')
      .select(PROJECT_COLUMNS)
      .where('deleted_at', 'is', null);
  }
}
