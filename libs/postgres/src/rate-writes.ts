import { inTransaction, type Postgres } from './database.js';
import { livingRates, type NewRate, type RateChange, rateOf, type StoredRate } from './rates.js';
import { NEXT_CHANGE } from './watch-changes.js';

/** Writes rates. Every change takes the next number of change, by which the aggregator finds it within 2 s. */
export class RateWrites {
  constructor(private readonly postgres: Postgres) {}

  async create({ on, limit, scope, ...columns }: NewRate): Promise<StoredRate> {
    const row = await this.postgres
      .insertInto('rates')
      .values({ ...columns, measure: on, limit_amount: limit, scope: JSON.stringify(scope) })
      .returningAll()
      .executeTakeFirstOrThrow();
    return rateOf(row);
  }

  /** `edit` sees the rate as it stands, while nobody else can change it. An empty change changes nothing. */
  change(
    project: string,
    id: string,
    edit: (before: StoredRate) => RateChange,
  ): Promise<StoredRate | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const row = await livingRates(transaction, project)
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return undefined;
      const { limit, ...columns } = edit(rateOf(row));
      const change = { ...columns, ...(limit === undefined ? {} : { limit_amount: limit }) };
      if (Object.keys(change).length === 0) return rateOf(row);
      const changed = await transaction
        .updateTable('rates')
        .set({ ...change, change: NEXT_CHANGE })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return rateOf(changed);
    });
  }

  /** It alerts no more. Its alerts stay. */
  async delete(project: string, id: string): Promise<StoredRate | undefined> {
    const row = await this.postgres
      .updateTable('rates')
      .set({ deleted_at: new Date(), change: NEXT_CHANGE })
      .where('project', '=', project)
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
    return row && rateOf(row);
  }
}
