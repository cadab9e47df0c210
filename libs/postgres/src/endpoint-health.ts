import { sql } from 'kysely';
import type { Postgres } from './database.js';

/** How long an endpoint has been failing, as its attempts tell. To be used in the transaction that writes the attempt. */
export class EndpointHealth {
  constructor(private readonly transaction: Postgres) {}

  async succeeded(endpoint: string): Promise<void> {
    await this.transaction
      .updateTable('webhook_endpoints')
      .set({ failing_since: null })
      .where('id', '=', endpoint)
      .where('failing_since', 'is not', null)
      .execute();
  }

  /** Answers the first failure since the last success: `at`, where there was none before. */
  async failed(endpoint: string, at: Date): Promise<Date> {
    const { failing_since } = await this.transaction
      .updateTable('webhook_endpoints')
      .set({ failing_since: sql<Date>`coalesce(failing_since, ${at}::timestamptz)` })
      .where('id', '=', endpoint)
      .returning('failing_since')
      .executeTakeFirstOrThrow();
    return failing_since ?? at;
  }

  /** Whether an attempt failed from `from` up to `to`. */
  async failedWithin(endpoint: string, { from, to }: { from: Date; to: Date }): Promise<boolean> {
    const row = await this.transaction
      .selectFrom('delivery_attempts')
      .select('attempt')
      .where('endpoint', '=', endpoint)
      .where('succeeded', '=', false)
      .where('at', '>=', from)
      .where('at', '<=', to)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }
}
