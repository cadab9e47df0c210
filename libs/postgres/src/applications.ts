import type { Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { ApplicationsTable } from './tables/projects.js';

export type Application = Omit<Selectable<ApplicationsTable>, 'deleted_at'>;

export const APPLICATION_COLUMNS = [
  'id',
  'project',
  'name',
  'provider',
  'model',
  'time_zone',
  'created_at',
] as const;

/** Applications: one model and one reporting time zone each. */
export class Applications {
  constructor(private readonly postgres: Postgres) {}

  find(project: string, id: string): Promise<Application | undefined> {
    return this.living(project).where('id', '=', id).executeTakeFirst();
  }

  list(project: string, request: ListRequest): Promise<Application[]> {
    return pageOf(this.living(project), request);
  }

  private living(project: string) {
    return this.postgres
      .selectFrom('applications')
      .select(APPLICATION_COLUMNS)
      .where('project', '=', project)
      .where('deleted_at', 'is', null);
  }
}
