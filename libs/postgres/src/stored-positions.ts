import type { Postgres } from './database.js';

/** How far a partition of `usage.recorded` is stored. */
export interface StoredPosition {
  cluster: string;
  partition: number;
  /** The highest stored offset; -1 when none. */
  originStoredTo: bigint;
  originAppendedAt: Date | null;
}

/** One row for each partition that was ever owned, of every cluster that was ever used. */
export function readStoredPositions(postgres: Postgres, topic: string): Promise<StoredPosition[]> {
  return postgres
    .selectFrom('partition_ownership')
    .select(['cluster', 'partition'])
    .select(['origin_stored_to as originStoredTo', 'origin_appended_at as originAppendedAt'])
    .where('topic', '=', topic)
    .execute();
}
