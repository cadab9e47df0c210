import type { ColumnType } from 'kysely';

export type DeliveryState = 'pending' | 'delivered' | 'failed';

export interface DeliveriesTable {
  id: string;
  project: string;
  alert: string;
  endpoint: string;
  state: ColumnType<DeliveryState, DeliveryState | undefined, DeliveryState>;
  attempts: ColumnType<number, undefined, number>;
  attempts_before: ColumnType<number, undefined, number>;
  next_at: ColumnType<Date | null, Date, Date | null>;
  leased_until: ColumnType<Date | null, undefined, Date | null>;
  /** Sent again while an attempt was under way: behind that one it is due anew. */
  resend_wanted: ColumnType<boolean, undefined, boolean>;
  created_at: ColumnType<Date, undefined, never>;
}

export interface DeliveryAttemptsTable {
  delivery: string;
  attempt: number;
  endpoint: string;
  at: Date;
  succeeded: boolean;
  status: number | null;
  answer: string;
  duration_ms: number;
}
