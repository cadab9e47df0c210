import type { ColumnType } from 'kysely';

export interface IdempotentAnswersTable {
  caller: string;
  key: string;
  request_hash: string;
  status: number;
  sealed_body: Buffer;
  created_at: ColumnType<Date, undefined, Date>;
}
