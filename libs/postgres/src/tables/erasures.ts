import type { ColumnType } from 'kysely';

export interface ErasuresTable {
  id: string;
  project: string;
  customer: string | null;
  /** Null where it is about a customer alone, and when it is done. */
  end_user: string | null;
  /** Names of properties. */
  properties: string[];
  /** By the clock of the console, which usage is held against. */
  requested_at: ColumnType<Date, Date, never>;
  done_at: ColumnType<Date | null, undefined, Date>;
  created_at: ColumnType<Date, undefined, never>;
}
