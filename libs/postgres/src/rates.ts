import type { Selectable } from 'kysely';
import type { Rate } from '#contracts';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { RatesTable } from './tables/rates.js';

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

/** Rates that are not deleted. */
export class Rates {
  constructor(private readonly postgres: Postgres) {}

  async find(project: string, id: string): Promise<StoredRate | undefined> {
    const row = await livingRates(this.postgres, project).where('id', '=', id).executeTakeFirst();
    return row && rateOf(row);
  }

  async list(project: string, request: ListRequest): Promise<StoredRate[]> {
    return (await pageOf(livingRates(this.postgres, project), request)).map(rateOf);
  }
}

export function rateOf(row: Selectable<RatesTable>): StoredRate {
  const { measure: on, limit_amount: limit, deleted_at: _, ...columns } = row;
  return { ...columns, on, limit };
}

export function livingRates(postgres: Postgres, project: string) {
  return postgres
    .selectFrom('rates')
    .selectAll()
    .where('project', '=', project)
    .where('deleted_at', 'is', null);
}
