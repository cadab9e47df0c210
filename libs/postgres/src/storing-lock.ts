import { sql } from 'kysely';
import type { Postgres } from './database.js';

const STORING_LOCK = 7_235_002;

/**
 * A holder that stopped answering loses its lock after this time, so that a frozen process cannot block the others for
 * ever. Longer than the longest work under it: waiting for an orphaned insert, then four calls of ClickHouse at their limit.
 */
const HOLDER_SILENT_MS_MAX = 180_000;

/**
 * Keeps comparing apart from inserting. Rollup slices have several writers, so a comparison with raw needs quiet:
 * every insert runs `shared`, every comparison `exclusive`. The lock lives in a transaction: a crash frees it.
 */
export class StoringLock {
  constructor(private readonly postgres: Postgres) {}

  shared<T>(work: () => Promise<T>): Promise<T> {
    return this.holding(sql`SELECT pg_advisory_xact_lock_shared(${STORING_LOCK})`, work);
  }

  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.holding(sql`SELECT pg_advisory_xact_lock(${STORING_LOCK})`, work);
  }

  private holding<T>(acquire: ReturnType<typeof sql>, work: () => Promise<T>): Promise<T> {
    return this.postgres.transaction().execute(async (transaction) => {
      await sql`SELECT set_config('idle_in_transaction_session_timeout', ${String(HOLDER_SILENT_MS_MAX)}, true)`.execute(
        transaction,
      );
      await acquire.execute(transaction);
      return work();
    });
  }
}
