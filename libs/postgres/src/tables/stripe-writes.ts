import type { ColumnType, Generated } from 'kysely';

export interface StripeWritesTable {
  name: string;
  generation: Generated<number>;
  first_attempt_at: ColumnType<Date, undefined, Date>;
}
