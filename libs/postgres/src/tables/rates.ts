import type { Scope, WatchDimension } from '#contracts';
import type { ColumnType } from 'kysely';
import type { RateMeasure } from '#meters';

export interface RatesTable {
  id: string;
  project: string;
  name: string;
  measure: ColumnType<RateMeasure, RateMeasure, never>;
  scope: ColumnType<Scope, string, never>;
  per: ColumnType<WatchDimension[], WatchDimension[], never>;
  over_seconds: ColumnType<number, number, never>;
  /** A decimal string in the measure's unit; null where `change_percent` is set. */
  limit_amount: string | null;
  change_percent: number | null;
  events_min: number;
  change: ColumnType<bigint, undefined, bigint>;
  created_at: ColumnType<Date, undefined, never>;
  deleted_at: ColumnType<Date | null, undefined, Date>;
}
