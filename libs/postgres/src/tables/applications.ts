import type { ColumnType } from 'kysely';

export interface ApplicationsTable {
  id: string;
  project: string;
  name: string;
  provider: string | null;
  model: string;
  time_zone: ColumnType<string, string | undefined>;
  created_at: ColumnType<Date, undefined, never>;
  deleted_at: ColumnType<Date | null, undefined, Date>;
}
