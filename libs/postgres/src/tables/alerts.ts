import type { ColumnType } from 'kysely';

export interface AlertsTable {
  id: string;
  project: string;
  type: string;
  data: ColumnType<Record<string, unknown>, string, never>;
  /** Sent to try an endpoint: no part of the history. */
  test: ColumnType<boolean, boolean | undefined, never>;
  raised_at: ColumnType<Date, Date, never>;
  watch: ColumnType<string | null, string | null | undefined, never>;
  counter: ColumnType<string | null, string | null | undefined, never>;
  window_start: ColumnType<Date | null, Date | null | undefined, never>;
  window_end: ColumnType<Date | null, Date | null | undefined, never>;
  threshold: ColumnType<string | null, string | null | undefined, never>;
  arming: ColumnType<number | null, number | null | undefined, never>;
  muted: ColumnType<boolean, boolean | undefined, never>;
  sequence: ColumnType<bigint, never, never>;
  acknowledged_at: ColumnType<Date | null, undefined, Date | null>;
  created_at: ColumnType<Date, undefined, never>;
}

export interface AlertMutesTable {
  id: string;
  project: string;
  watch: string;
  /** Canonical JSON of the counter key; '' for every counter of the watch. */
  counter: string;
  until: Date;
  created_at: ColumnType<Date, undefined, never>;
}

/** What can never be raised, as it stood. */
export interface AlertsSetAsideTable {
  id: string;
  project: string;
  reason: string;
  content: Buffer;
  created_at: ColumnType<Date, undefined, never>;
}
