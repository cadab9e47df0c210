import type { Postgres } from './database.js';

export interface PartitionKey {
  cluster: string;
  topic: string;
  partition: number;
}

/** What one insert is going to store, written down before it is tried. Offsets are of `usage.priced`, inclusive. */
export interface Plan {
  first: bigint;
  last: bigint;
  token: string;
  counted: number;
  setAside: number;
}

export interface Ownership {
  epoch: bigint;
  storedTo: bigint;
  originStoredTo: bigint;
  plan: Plan | null;
}

/** How far a finished plan brings its partition. */
export interface Stored {
  storedTo: bigint;
  originStoredTo: bigint;
  /** Null leaves what is there. */
  originAppendedAt: Date | null;
  /** Customers seen in the plan: each comes into being with its first event. */
  customers: { project: string; id: string }[];
}

/** Who owns a partition, as its row says. */
export class PartitionOwnership {
  constructor(private readonly postgres: Postgres) {}

  /** Whether nobody has taken the partition over since `epoch`. */
  async isHeld(key: PartitionKey, epoch: bigint): Promise<boolean> {
    const row = await this.postgres
      .selectFrom('partition_ownership')
      .select('epoch')
      .where('cluster', '=', key.cluster)
      .where('topic', '=', key.topic)
      .where('partition', '=', key.partition)
      .executeTakeFirst();
    return row?.epoch === epoch;
  }
}

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
