import type { SlidingSum, SlidingSumAsked, UsageSum, UsageSumAsked, UsualHour } from '#clickhouse';
import type { AlertRaised } from '#contracts';
import type { WatchAlert } from '#postgres';
import type {
  Adoption,
  CountAnswer,
  CountCall,
  KnownState,
  SlidingCheck,
  SlidingCounter,
} from '#redis';
import type { Budget, Rate } from '#watches';

/** Definitions of watches, by their number of change, deleted ones included. */
export interface WatchesPort {
  changedSince(change: bigint): Promise<{ budgets: Budget[]; rates: Rate[] }>;
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
  judge(
    project: string,
    at: string,
    checks: SlidingCheck[],
  ): Promise<{ waiting: number; pendingAlerts: number; refusedKeys: number }>;
  restore(
    project: string,
    watchId: string,
    known: KnownState[],
    partitions: number,
  ): Promise<string[]>;
  forget(project: string, watchIds: string[]): Promise<void>;
  hasBaseline(project: string, definition: string, hourMs: number): Promise<boolean>;
  setBaseline(
    project: string,
    definition: string,
    hourMs: number,
    bounds: ReadonlyMap<string, bigint | number>,
  ): Promise<void>;
}

/** The row of PostgreSQL that says who owns a partition. */
export interface CountingOwnershipPort {
  isHeld(owner: { cluster: string; partition: number; epoch: bigint }): Promise<boolean>;
}

/** Redis, as the protocol sees it. A call that rejects may have taken effect or not. */
export interface CountersPort {
  adopt(request: {
    project: string;
    partition: number;
    cluster: string;
    epoch: bigint;
    position: bigint;
    sequence: number;
  }): Promise<Adoption | null>;
  count(call: CountCall): Promise<CountAnswer>;
  marks(project: string): Promise<Map<number, string>>;
  /** Partitions that have to show that their mark stands: see `caughtUp`. */
  behind(project: string): Promise<Set<number>>;
}

export interface PendingAlertsPort {
  read(project: string): Promise<string[]>;
  shorten(project: string, entries: string[]): Promise<number>;
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

/** Resolves once every alert is acknowledged by the log. */
export interface AlertsPort {
  raise(alerts: AlertRaised[]): Promise<void>;
}

export interface CountingPorts {
  /** How many partitions the usage of a project lies in. */
  partitions: number;
  ownership: CountingOwnershipPort;
  watches: WatchesPort;
  counters: CountersPort;
  states: SlidingStatesPort;
  raised: RaisedAlertsPort;
  pending: PendingAlertsPort;
  sums: UsageSumsPort;
  slidingSums: SlidingSumsPort;
  usualHours: UsualHoursPort;
  log: PricedLogPort;
  alerts: AlertsPort;
}

/** Injection token of `CountingPorts`. */
export const COUNTING_PORTS = Symbol('counting ports');
