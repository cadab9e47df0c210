import type { ColumnType } from 'kysely';

export interface AlertMutesTable {
  id: string;
  project: string;
  watch: string;
  /** Canonical JSON of the counter key; '' for every counter of the watch. */
  counter: string;
  until: Date;
  created_at: ColumnType<Date, undefined, never>;
}
