import type { ColumnType } from 'kysely';

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
}
