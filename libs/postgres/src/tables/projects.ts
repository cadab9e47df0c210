import type { ColumnType } from 'kysely';
import type { ProjectLimits } from '../limit-defaults.js';

export interface ProjectsTable {
  id: string;
  name: string;
  /** A decimal string: what a customer is charged is cost times markup. */
  markup: ColumnType<string, string | undefined>;
  /** Those that are not the defaults. */
  limits: ColumnType<Partial<ProjectLimits>, string | undefined, Partial<ProjectLimits>>;
  /** `key <id>` or `application <id>`: the only one that had sent when ids made for requests began to belong to senders. */
  sole_sender: ColumnType<string | null, undefined, never>;
  created_at: ColumnType<Date, undefined, never>;
  deleted_at: ColumnType<Date | null, undefined, Date>;
}

export interface RateLimitsTable {
  project: string;
  /** Only what differs from the defaults. */
  limits: ColumnType<Record<string, number>, string, string>;
}

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

export interface ApiKeysTable {
  id: string;
  project: string;
  /** Set for an application's token. */
  application: string | null;
  name: string;
  scopes: string[];
  /** SHA-256 of the whole key; the key itself is stored nowhere. */
  secret_hash: Buffer;
  created_at: ColumnType<Date, undefined, never>;
  revoked_at: ColumnType<Date | null, undefined, Date>;
  changed_at: ColumnType<Date, undefined, Date>;
  /** From then on no door takes it; null: for ever. */
  expires_at: ColumnType<Date | null, Date | null | undefined, Date>;
  last_used_at: ColumnType<Date | null, undefined, Date>;
}

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
