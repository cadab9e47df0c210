import { sql } from 'kysely';
import type { Postgres } from './database.js';

/** Takes away managing calls that have been kept long enough, in slices. */
export class ManagingCallRetentionWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Removes the oldest `limit` calls that came before `before`. Answers how many; two at it at once take different ones. */
  async removeOld({ before, limit }: { before: Date; limit: number }): Promise<number> {
    const { numAffectedRows } = await sql`
      DELETE FROM managing_calls WHERE id IN (
        SELECT id FROM managing_calls WHERE created_at < ${before}
        ORDER BY created_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )`.execute(this.postgres);
    return Number(numAffectedRows ?? 0n);
  }
}
