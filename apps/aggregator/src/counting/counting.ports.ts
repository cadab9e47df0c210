import type { SlidingSum, SlidingSumAsked, UsageSum, UsageSumAsked, UsualHour } from '#clickhouse';
import type { WatchAlert } from '#postgres';
import type { SlidingCheck, SlidingCounter } from '#redis';
import type { Rate } from '#watches';
import type { OwnedPartition } from '../partitions/owned-partition.js';
import type { PartitionStream } from '../partitions/partition-stream.js';

/** The stream of a partition, as counting sees it: what is decided, and how far it is counted. */
export type CountedStream = Pick<
  PartitionStream,
  | 'key'
  | 'epoch'
  | 'decidedTo'
  | 'originDecidedTo'
  | 'originCountedTo'
  | 'originStoredTo'
  | 'rowsAbove'
  | 'countedUpTo'
>;

/** A partition that this process owns, as counting sees it. */
export type CountedPartition = Pick<OwnedPartition, 'isHeld' | 'retake'> & {
  readonly stream: CountedStream;
};

export interface CountedPartitionsPort {
  all(): CountedPartition[];
}

/** Brings what counts have put on a project's pending list to the log. */
export interface PendingAlertsPort {
  drain(project: string): Promise<void>;
}

/** What was raised, as PostgreSQL remembers it. */
export interface RaisedAlertsPort {
  /** Of each counter the alert that left it as it is. */
  lastOf(project: string, watches: string[]): Promise<WatchAlert[]>;
  /** Those recorded behind a number, in the order of recording. */
  after(sequence: bigint, limit: number): Promise<WatchAlert[]>;
  lastSequence(): Promise<bigint>;
}

/** Which bounds sliding counters have reached, in Redis. */
export interface SlidingStatesPort {
  firing(project: string): Promise<SlidingCounter[]>;
  keysOf(project: string, check: SlidingCheck): Promise<string[]>;
  hasBaseline(project: string, definition: string, hourMs: number): Promise<boolean>;
}

/** The row of PostgreSQL that says who owns a partition. */
export interface CountingOwnershipPort {
  isHeld(owner: { cluster: string; partition: number; epoch: bigint }): Promise<boolean>;
}

/** How far each partition's usage is counted, in Redis. */
export interface MarksPort {
  marks(project: string): Promise<Map<number, string>>;
  /** Partitions that have to show that their mark stands: see `caughtUp`. */
  behind(project: string): Promise<Set<number>>;
}

/** Stored usage, one list of sums for each that is asked for, in their order. */
export interface UsageSumsPort {
  sums(asked: readonly UsageSumAsked[]): Promise<UsageSum[][]>;
}

/** The same by buckets of a sliding span. */
export interface SlidingSumsPort {
  sums(asked: readonly SlidingSumAsked[]): Promise<SlidingSum[][]>;
}

/** What the counters of a rate had in the same hour of earlier days. */
export interface UsualHoursPort {
  of(rate: Rate, hourMs: number): Promise<UsualHour[]>;
}

/** Where `usage.priced` ends at this moment: by partition, one past its last offset. */
export interface PricedLogPort {
  ends(): Promise<Map<number, bigint>>;
}

/** What counting reads of the stores. */
export interface CountingReads {
  /** How many partitions the usage of a project lies in. */
  partitions: number;
  ownership: CountingOwnershipPort;
  marks: MarksPort;
  states: SlidingStatesPort;
  raised: RaisedAlertsPort;
  sums: UsageSumsPort;
  slidingSums: SlidingSumsPort;
  usualHours: UsualHoursPort;
  log: PricedLogPort;
}

export interface CountingPorts extends CountingReads {
  owned: CountedPartitionsPort;
  alerts: PendingAlertsPort;
}

/** Injection token of `CountingPorts`. */
export const COUNTING_PORTS = Symbol('counting ports');
