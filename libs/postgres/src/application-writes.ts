import { sql } from 'kysely';
import { type Application, APPLICATION_COLUMNS, Applications } from './applications.js';
import { inTransaction, type Postgres } from './database.js';

/** Makes and changes applications, each with its token. A change reaches every door within 2 s. */
export class ApplicationWrites {
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
    token: { id: string; secret_hash: Buffer; expires_at?: Date | null },
  ): Promise<Application | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const created = await transaction
        .insertInto('applications')
        .values(application)
        .onConflict((conflict) => conflict.doNothing())
        .returning(APPLICATION_COLUMNS)
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

  update(
    project: string,
    id: string,
    change: { name?: string; provider?: string | null; model?: string; time_zone?: string },
  ): Promise<Application | undefined> {
    if (Object.keys(change).length === 0) return new Applications(this.postgres).find(project, id);
    return this.postgres.transaction().execute(async (transaction) => {
      const changed = await changing(transaction, project, id).set(change).executeTakeFirst();
      if (!changed) return undefined;
      await tokensOf(transaction, project, id)
        .set({ changed_at: sql<Date>`clock_timestamp()` })
        .execute();
      return changed;
    });
  }

  /**
   * Puts a new token beside the ones that live, which end at `oldUntil` unless they end before. Undefined when there is no such
   * application.
   */
  rotateToken(
    project: string,
    id: string,
    token: { id: string; secret_hash: Buffer; expires_at?: Date | null },
    oldUntil: Date,
  ): Promise<Application | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const application = await transaction
        .selectFrom('applications')
        .select(APPLICATION_COLUMNS)
        .where('project', '=', project)
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (!application) return undefined;
      await tokensOf(transaction, project, id)
        .set({
          expires_at: sql<Date>`least(expires_at, ${oldUntil})`,
          changed_at: sql<Date>`clock_timestamp()`,
        })
        .execute();
      const { name } = application;
      await transaction
        .insertInto('api_keys')
        .values({ ...token, project, application: id, name, scopes: ['ingest'] })
        .execute();
      return application;
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
}

function changing(postgres: Postgres, project: string, id: string) {
  return postgres
    .updateTable('applications')
    .where('project', '=', project)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .returning(APPLICATION_COLUMNS);
}

function tokensOf(postgres: Postgres, project: string, application: string) {
  return postgres
    .updateTable('api_keys')
    .where('project', '=', project)
    .where('application', '=', application)
    .where('revoked_at', 'is', null);
}
