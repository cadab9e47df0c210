import { sql } from 'kysely';
import type { Postgres } from './database.js';

/** A holder that stopped answering loses its lock after this time, unless its job may take longer. */
const HOLDER_SILENT_MS_MAX = 60_000;

/**
 * Lets one process at a time do a job that every process has. It spares work; that doing it twice does no harm is the
 * job's own business. The lock lives in a transaction: a crash frees it.
 */
export class JobLock {
  constructor(
    private readonly postgres: Postgres,
    private readonly job: string,
    private readonly holderSilentMsMax = HOLDER_SILENT_MS_MAX,
  ) {}

  /** Runs `work` holding the lock; false, without running it, when another process holds it. */
  async holding(work: () => Promise<void>): Promise<boolean> {
    return this.postgres.transaction().execute(async (transaction) => {
      await sql`SELECT set_config('idle_in_transaction_session_timeout', ${String(this.holderSilentMsMax)}, true)`.execute(
        transaction,
      );
      const { rows } = await sql<{ locked: boolean }>`
        SELECT pg_try_advisory_xact_lock(hashtextextended(${`job ${this.job}`}, 0)) AS locked
      `.execute(transaction);
      if (rows[0]?.locked !== true) return false;
      await work();
      return true;
    });
  }
}
