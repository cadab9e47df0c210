import type { ColumnType, Generated } from 'kysely';

export interface InvoicesTable {
  id: string;
  project: string;
  customer: string;
  period: string;
  correction: number;
  markup: string;
  stored_to: ColumnType<Record<string, string>, string, never>;
  frozen_at: ColumnType<Date, undefined, never>;
  stripe_invoice_id: ColumnType<string | null, undefined, string>;
  finalized_at: ColumnType<Date | null, undefined, Date>;
}

export interface InvoiceLinesTable {
  invoice: string;
  line_key: string;
  position: number;
  provider: string | null;
  model: string | null;
  description: string;
  events: bigint;
  cost: string;
  charge: string;
  amount_cents: bigint;
  remainder: ColumnType<string, never, never>;
}

export interface StripeWritesTable {
  name: string;
  generation: Generated<number>;
  first_attempt_at: ColumnType<Date, undefined, Date>;
}
