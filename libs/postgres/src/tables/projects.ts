import type { ColumnType } from 'kysely';

export interface ProjectsTable {
  id: string;
  name: string;
  /** A decimal string: what a customer is charged is cost times markup. */
  markup: ColumnType<string, string | undefined>;
  created_at: ColumnType<Date, undefined, never>;
  deleted_at: ColumnType<Date | null, undefined, Date>;
}
