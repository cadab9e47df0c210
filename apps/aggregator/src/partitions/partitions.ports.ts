import type { IdentityFilter } from '../deciding/identity-filter.js';

/** Deciding's memory of what is stored, for the owner by an epoch. */
export interface IdentityFiltersPort {
  filterFor(partition: number, epoch: bigint): Promise<IdentityFilter>;
}

export interface PartitionsPorts {
  /** The stream whose partitions are owned. */
  source: { cluster: string; topic: string };
  identities: IdentityFiltersPort;
}

/** Injection token of `PartitionsPorts`. */
export const PARTITIONS_PORTS = Symbol('partitions ports');
