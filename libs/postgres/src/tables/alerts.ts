import type { ColumnType } from 'kysely';

export interface AlertsTable {
  id: string;
  project: string;
  type: string;
  data: ColumnType<Record<string, unknown>, string, never>;
  /** Sent to try an endpoint: no part of the history. */
  test: ColumnType<boolean, boolean | undefined, never>;
  raised_at: ColumnType<Date, Date, never>;
  acknowledged_at: ColumnType<Date | null, undefined, Date | null>;
  created_at: ColumnType<Date, undefined, never>;
}
