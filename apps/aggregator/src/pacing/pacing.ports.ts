import type { PartitionStream } from '../partitions/partition-stream.js';

/** The stream of a partition, as pacing sees it: what waits in it, since when, and whose it is. */
export type PacedStream = Pick<PartitionStream, 'waitingFromMs' | 'waiting'>;

export interface PacedPartitionsPort {
  all(): { readonly stream: PacedStream }[];
}

export interface PacingPorts {
  owned: PacedPartitionsPort;
  /** Of the whole topic, whoever owns them. */
  partitions: number;
}

/** Injection token of `PacingPorts`. */
export const PACING_PORTS = Symbol('pacing ports');
