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
    expires_at?: Date | null;
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

  /** The key as it is, which nobody else changes until the transaction ends. */
  lock(project: string, id: string): Promise<ApiKey | undefined> {
    return this.postgres
      .selectFrom('api_keys')
      .select(API_KEY_COLUMNS)
      .where('project', '=', project)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
  }

  /** When keys were used last. Of several doors the first within a minute writes it. */
  async noteUses(uses: readonly { id: string; at: Date }[]): Promise<void> {
    const ids = uses.map(({ id }) => id);
    const times = uses.map(({ at }) => at.toISOString());
    await sql`
      UPDATE api_keys SET last_used_at = used.at
      FROM unnest(${ids}::text[], ${times}::timestamptz[]) AS used (id, at)
      WHERE api_keys.id = used.id AND (last_used_at IS NULL OR last_used_at <= used.at - interval '1 minute')
    `.execute(this.postgres);
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
