import type { ColumnType } from 'kysely';

export interface CustomersTable {
  project: string;
  id: string;
  name: string | null;
  email: string | null;
  metadata: ColumnType<Record<string, unknown>, string | undefined, string>;
  stripe_customer_id: string | null;
  created_at: ColumnType<Date, undefined, never>;
  deleted_at: ColumnType<Date | null, undefined, Date | null>;
}
