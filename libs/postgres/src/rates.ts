import type { Rate } from '#watches';
import { type WatchKind, watchReads } from './watches.js';

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

export const RATES: WatchKind<'rates', StoredRate> = {
  table: 'rates',
  watchOf(row) {
    const {
      measure: on,
      limit_amount: limit,
      deleted_at: _deletedAt,
      changed_in: _changedIn,
      ...columns
    } = row;
    return { ...columns, on, limit };
  },
};

export const Rates = watchReads(RATES);
