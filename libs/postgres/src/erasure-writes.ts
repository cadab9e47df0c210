import { sql } from 'kysely';
import type { Postgres } from './database.js';
import type { Erasure } from './erasures.js';

/** Where a look through managing calls has come to. */
export interface CallPosition {
  created_at: Date;
  id: string;
}

const ROWS_MAX = 500;

/** Notes what is to be erased, and erases what PostgreSQL has of it. Each write may be repeated. */
export class ErasureWrites {
  constructor(private readonly postgres: Postgres) {}

  request(
    erasure: Pick<
      Erasure,
      'id' | 'project' | 'customer' | 'end_user' | 'properties' | 'requested_at'
    >,
  ): Promise<Erasure> {
    return this.postgres
      .insertInto('erasures')
      .values(erasure)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** What the customer's row says about somebody goes; its id and its id at Stripe stay, for bills. */
  async eraseCustomer({ project, customer }: Erasure): Promise<void> {
    await this.postgres
      .updateTable('customers')
      .set({ name: null, email: null, metadata: '{}' })
      .where('project', '=', project)
      .where('id', '=', customer)
      .execute();
  }

  /**
   * Looks at a slice of the project's managing calls behind `after`, and empties what was kept of those that name the subject: that
   * there was a call, whose, and when, stays. Answers where it came to; null at the end.
   */
  async eraseCalls(erasure: Erasure, after: CallPosition | null): Promise<CallPosition | null> {
    const named = erasure.end_user ?? erasure.customer;
    const mark = JSON.stringify({ erased: erasure.id });
    // Of a customer that is erased alone, what its own calls hold; its id also stands in budgets, which say nothing about anybody.
    const isOwn = erasure.end_user === null ? sql`path LIKE '/v1/customers%'` : sql`true`;
    const names = (column: string) =>
      sql`coalesce(position(to_jsonb(${named}::text)::text IN ${sql.ref(column)}::text), 0) > 0`;
    const without = (column: string) =>
      sql`${sql.ref(column)} = CASE WHEN ${sql.ref(column)} IS NULL THEN NULL ELSE ${mark}::jsonb END`;
    const { rows } = await sql<{ looked: number; last: CallPosition | null }>`
      WITH looked AS (
        SELECT id, created_at FROM managing_calls
        WHERE project = ${erasure.project}
          AND (created_at, id) > (coalesce(${after?.created_at ?? null}::timestamptz, '-infinity'), ${after?.id ?? ''}::text)
        ORDER BY created_at, id LIMIT ${ROWS_MAX}
      ), emptied AS (
        UPDATE managing_calls SET ${without('body')}, ${without('before')}, ${without('after')}
        WHERE id IN (SELECT id FROM looked) AND ${isOwn} AND (${names('body')} OR ${names('before')} OR ${names('after')})
      )
      SELECT (SELECT count(*)::int FROM looked) AS looked,
        (SELECT jsonb_build_object('created_at', created_at, 'id', id) FROM looked ORDER BY created_at DESC, id DESC LIMIT 1) AS last
    `.execute(this.postgres);
    const { looked, last } = rows[0]!;
    if (looked < ROWS_MAX || last === null) return null;
    return { created_at: new Date(last.created_at), id: last.id };
  }

  /** From here on nobody can tell whose place its id has taken in usage. */
  async finish({ id }: Erasure, at: Date): Promise<void> {
    await this.postgres
      .updateTable('erasures')
      .set({ end_user: null, done_at: at })
      .where('id', '=', id)
      .execute();
  }
}
