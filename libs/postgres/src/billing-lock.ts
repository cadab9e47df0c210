import { sql } from 'kysely';
import type { Postgres } from './database.js';

/**
 * Lets one runner at a time bill a project's period. It spares work and noise; that nothing is billed twice rests on the
 * unique row of the invoice and on the idempotency keys. The lock belongs to a connection, so a crash frees it.
 */
export class BillingLock {
  constructor(private readonly postgres: Postgres) {}

  /** Runs `work` holding the lock; null, without running it, when another runner holds it. */
  holding<T>(project: string, period: string, work: () => Promise<T>): Promise<T | null> {
    const key = sql`hashtextextended(${`billing ${project} ${period}`}, 0)`;
    return this.postgres.connection().execute(async (connection) => {
      const taken = await sql<{
        locked: boolean;
      }>`SELECT pg_try_advisory_lock(${key}) AS locked`.execute(connection);
      if (taken.rows[0]?.locked !== true) return null;
      try {
        return await work();
      } finally {
        await sql`SELECT pg_advisory_unlock(${key})`.execute(connection);
      }
    });
  }
}
