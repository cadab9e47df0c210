import { sql, type Selectable } from 'kysely';
import { inTransaction, type Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { ApplicationsTable } from './tables/applications.js';

export type Application = Omit<Selectable<ApplicationsTable>, 'deleted_at'>;

const COLUMNS = ['id', 'project', 'name', 'provider', 'model', 'time_zone', 'created_at'] as const;

/** Applications: one model and one reporting time zone each. A change reaches every door within 2 s. */
export class Applications {
  constructor(private readonly postgres: Postgres) {}

  /** The application and its token together. Undefined when the id is taken. */
  create(
    application: {
      id: string;
      project: string;
      name: string;
      provider: string | null;
      model: string;
      time_zone?: string;
    },
    token: { id: string; secret_hash: Buffer },
  ): Promise<Application | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const created = await transaction
        .insertInto('applications')
        .values(application)
        .onConflict((conflict) => conflict.doNothing())
        .returning(COLUMNS)
        .executeTakeFirst();
      if (!created) return undefined;
      const { project, id, name } = created;
      await transaction
        .insertInto('api_keys')
        .values({ ...token, project, application: id, name, scopes: ['ingest'] })
        .execute();
      return created;
    });
  }

  find(project: string, id: string): Promise<Application | undefined> {
    return this.living(project).where('id', '=', id).executeTakeFirst();
  }

  list(project: string, request: ListRequest): Promise<Application[]> {
    return pageOf(this.living(project), request);
  }

  update(
    project: string,
    id: string,
    change: { name?: string; provider?: string | null; model?: string; time_zone?: string },
  ): Promise<Application | undefined> {
    if (Object.keys(change).length === 0) return this.find(project, id);
    return this.postgres.transaction().execute(async (transaction) => {
      const changed = await changing(transaction, project, id).set(change).executeTakeFirst();
      if (!changed) return undefined;
      await tokensOf(transaction, project, id)
        .set({ changed_at: sql<Date>`clock_timestamp()` })
        .execute();
      return changed;
    });
  }

  /** Deletes the application and revokes its token at once; undefined when there is none. */
  delete(project: string, id: string): Promise<Application | undefined> {
    return this.postgres.transaction().execute(async (transaction) => {
      const now = sql<Date>`clock_timestamp()`;
      const deleted = await changing(transaction, project, id)
        .set({ deleted_at: now })
        .executeTakeFirst();
      if (!deleted) return undefined;
      await tokensOf(transaction, project, id).set({ revoked_at: now, changed_at: now }).execute();
      return deleted;
    });
  }

  private living(project: string) {
    return this.postgres
      .selectFrom('applications')
      .select(COLUMNS)
      .where('project', '=', project)
      .where('deleted_at', 'is', null);
  }
}

function changing(postgres: Postgres, project: string, id: string) {
  return postgres
    .updateTable('applications')
    .where('project', '=', project)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .returning(COLUMNS);
}

function tokensOf(postgres: Postgres, project: string, application: string) {
  return postgres
    .updateTable('api_keys')
    .where('project', '=', project)
    .where('application', '=', application)
    .where('revoked_at', 'is', null);
}
