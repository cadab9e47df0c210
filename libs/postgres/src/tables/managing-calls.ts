import type { ColumnType } from 'kysely';

export interface ManagingCallsTable {
  id: string;
  project: string | null;
  /** Id of the API key, or `admin`. */
  caller: string;
  request_id: string;
  method: string;
  path: string;
  body: ColumnType<unknown, string | null, never>;
  before: ColumnType<unknown, string | null, never>;
  after: ColumnType<unknown, undefined, string | null>;
  /** Null while it is under way, or where nobody could write what came of it. */
  outcome: ColumnType<string | null, undefined, string>;
  created_at: ColumnType<Date, undefined, never>;
}
