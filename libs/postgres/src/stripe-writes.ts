import { sql } from 'kysely';
import type { Postgres } from './database.js';

/** The key that a write to Stripe goes out under. `wasKnown` is false when this call wrote it down. */
export interface StripeWrite {
  generation: number;
  firstAttemptAt: Date;
  wasKnown: boolean;
}

/** Writes to Stripe, each noted here before it is sent, so that a process which dies leaves behind what it may have done. */
export class StripeWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Notes the write, or gives the note that is there. */
  async open(name: string): Promise<StripeWrite> {
    const made = await this.postgres
      .insertInto('stripe_writes')
      .values({ name })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    const row =
      made ??
      (await this.postgres
        .selectFrom('stripe_writes')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirstOrThrow());
    return {
      generation: row.generation,
      firstAttemptAt: row.first_attempt_at,
      wasKnown: made === undefined,
    };
  }

  /** The next key for the same write, first used now. */
  async renew(name: string): Promise<StripeWrite> {
    const row = await this.postgres
      .updateTable('stripe_writes')
      .set({ generation: sql`generation + 1`, first_attempt_at: sql<Date>`now()` })
      .where('name', '=', name)
      .returningAll()
      .executeTakeFirstOrThrow();
    return { generation: row.generation, firstAttemptAt: row.first_attempt_at, wasKnown: true };
  }
}
