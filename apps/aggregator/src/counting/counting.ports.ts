import type {
  HourOfUsage,
  PlacedSum,
  SlidingSum,
  SlidingSumAsked,
  UsageExtent,
  UsageSumAsked,
  UsualHour,
} from '#clickhouse';
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
  | 'hasUncounted'
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

/** Stored usage, by slices. */
export interface StoredUsagePort {
  /** Sums with the places in the request that they answer, each place's always in the same order. */
  sums(asked: readonly UsageSumAsked[]): AsyncIterable<PlacedSum[]>;
  /** The same by buckets of a sliding span, of one watch in one partition. */
  slidingSums(asked: SlidingSumAsked): AsyncIterable<SlidingSum[]>;
  /** About how many events there are in the next hours that have any. */
  hours(project: string, fromMs: number): Promise<HourOfUsage[]>;
  /** When what lies in each of these positions happened; null where nothing does. */
  extents(asked: {
    project: string;
    cluster: string;
    ranges: readonly { partition: number; from: bigint; below: bigint }[];
  }): Promise<(UsageExtent | null)[]>;
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
  stored: StoredUsagePort;
  usualHours: UsualHoursPort;
  log: PricedLogPort;
}

/** From where on a project that others wait for is passed over. */
export interface CountingBounds {
  /** Time for the usage of one project in one partition. */
  passMsMax: number;
  /** Counters that one such turn adds to. */
  passCountersMax: number;
  /** Stored events that one slice of a seed is made of. */
  sliceEventsMax: number;
  /** Counters that one call of a seed adds to, so that Redis is held for some milliseconds. */
  seedCallMax: number;
  /** Counters that one call holds against new limits: as well. */
  recheckCallMax: number;
}

export interface CountingPorts extends CountingReads {
  owned: CountedPartitionsPort;
  alerts: PendingAlertsPort;
  bounds: CountingBounds;
}

/** Injection token of `CountingPorts`. */
export const COUNTING_PORTS = Symbol('counting ports');
