import { sql } from 'kysely';
import type { Postgres } from './database.js';

export interface SavedAnswer {
  requestHash: string;
  status: number;
  sealedBody: Buffer;
}

const KEPT_HOURS = 24;

/**
 * The answers of creating calls. To be used inside the transaction of the creation, so that the object and its answer
 * come into being together or not at all.
 */
export class IdempotentAnswers {
  constructor(private readonly transaction: Postgres) {}

  /** Takes the caller's key until the transaction ends. False while another request holds it. */
  async claim(caller: string, key: string): Promise<boolean> {
    const { rows } = await sql<{ claimed: boolean }>`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${caller} || ' ' || ${key}, 0)) AS claimed`.execute(
      this.transaction,
    );
    return rows[0]?.claimed ?? false;
  }

  /** What was answered under this key in the last 24 h. Older answers of anyone are deleted on the way. */
  async find(caller: string, key: string): Promise<SavedAnswer | undefined> {
    await this.transaction
      .deleteFrom('idempotent_answers')
      .where('created_at', '<', sql<Date>`now() - make_interval(hours => ${KEPT_HOURS})`)
      .execute();
    return this.transaction
      .selectFrom('idempotent_answers')
      .select(['request_hash as requestHash', 'status', 'sealed_body as sealedBody'])
      .where('caller', '=', caller)
      .where('key', '=', key)
      .executeTakeFirst();
  }

  async save(caller: string, key: string, answer: SavedAnswer): Promise<void> {
    await this.transaction
      .insertInto('idempotent_answers')
      .values({
        caller,
        key,
        request_hash: answer.requestHash,
        status: answer.status,
        sealed_body: answer.sealedBody,
      })
      .execute();
  }
}
