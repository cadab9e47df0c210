import { sql } from 'kysely';
import { API_KEY_COLUMNS, type ApiKey } from './api-keys.js';
import type { Postgres } from './database.js';

/** Makes and changes API keys and application tokens. A revoked one stays in the table. */
export class ApiKeyWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Undefined when the id is taken. */
  create(key: {
    id: string;
    project: string;
    application: string | null;
    name: string;
    scopes: string[];
    secret_hash: Buffer;
  }): Promise<ApiKey | undefined> {
    return this.postgres
      .insertInto('api_keys')
      .values(key)
      .onConflict((conflict) => conflict.doNothing())
      .returning(API_KEY_COLUMNS)
      .executeTakeFirst();
  }

  /** Scopes take effect at every door within 2 s. */
  update(
    project: string,
    id: string,
    change: { name?: string; scopes?: string[] },
  ): Promise<ApiKey | undefined> {
    return this.changing(project, id)
      .set({ ...change, changed_at: sql<Date>`clock_timestamp()` })
      .executeTakeFirst();
  }

  /** Undefined when there is no such key, or it was revoked before. */
  revoke(project: string, id: string): Promise<ApiKey | undefined> {
    const now = sql<Date>`clock_timestamp()`;
    return this.changing(project, id).set({ revoked_at: now, changed_at: now }).executeTakeFirst();
  }

  private changing(project: string, id: string) {
    return this.postgres
      .updateTable('api_keys')
      .where('project', '=', project)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returning(API_KEY_COLUMNS);
  }
}
