import type { Selectable } from 'kysely';
import type { Rate } from '#watches';
import { inTransaction, type Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { RatesTable } from './tables/rates.js';
import { NEXT_CHANGE } from './watch-changes.js';

/** What may change: what a rate measures is fixed, because its counters and alerts rest on it. */
export interface RateChange {
  name?: string;
  limit?: string | null;
  change_percent?: number | null;
  events_min?: number;
}

export type NewRate = Omit<Rate, 'change' | 'created_at' | 'deleted_at'>;
/** A rate with its time of creation as lists need it. */
export type StoredRate = Omit<Rate, 'created_at' | 'deleted_at'> & { created_at: Date };

/** Rates. Every change takes the next number of change, by which the aggregator finds it within 2 s. */
export class Rates {
  constructor(private readonly postgres: Postgres) {}

  async create({ on, limit, scope, ...columns }: NewRate): Promise<StoredRate> {
    const row = await this.postgres
      .insertInto('rates')
      .values({ ...columns, measure: on, limit_amount: limit, scope: JSON.stringify(scope) })
      .returningAll()
      .executeTakeFirstOrThrow();
    return rateOf(row);
  }

  async find(project: string, id: string): Promise<StoredRate | undefined> {
    const row = await this.living(project).where('id', '=', id).executeTakeFirst();
    return row && rateOf(row);
  }

  async list(project: string, request: ListRequest): Promise<StoredRate[]> {
    return (await pageOf(this.living(project), request)).map(rateOf);
  }

  /** `edit` sees the rate as it stands, while nobody else can change it. An empty change changes nothing. */
  change(
    project: string,
    id: string,
    edit: (before: StoredRate) => RateChange,
  ): Promise<StoredRate | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const row = await new Rates(transaction)
        .living(project)
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

  private living(project: string) {
    return this.postgres
      .selectFrom('rates')
      .selectAll()
      .where('project', '=', project)
      .where('deleted_at', 'is', null);
  }
}

function rateOf(row: Selectable<RatesTable>): StoredRate {
  const { measure: on, limit_amount: limit, deleted_at: _, ...columns } = row;
  return { ...columns, on, limit };
}
