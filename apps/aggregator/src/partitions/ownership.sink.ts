import { failpoint } from '#platform';
import type { Ownership, PartitionKey } from '#postgres';

/** The row of PostgreSQL that says who owns a partition. */
export interface OwnershipWritePort {
  takeOver(key: PartitionKey): Promise<Ownership>;
}

/** The only place of this room that writes. */
export class OwnershipSink {
  constructor(private readonly ownership: OwnershipWritePort) {}

  /** 1. Raises the epoch in the statement that reads the row: what a former owner still writes is refused. */
  async takeOver(key: PartitionKey): Promise<Ownership> {
    const ownership = await this.ownership.takeOver(key);
    failpoint('aggregator.after_take_over');
    return ownership;
  }
}
