import type {
  ComparedSlices,
  DaySlices,
  PlanExtent,
  PositionText,
  RollupDifference,
  UsageRow,
} from '#clickhouse';
import type { OwnedPartition } from '../partitions/owned-partition.js';
import type { PartitionStream, PlanRows } from '../partitions/partition-stream.js';

/** The stream of a partition, as storing sees it: what is counted, and the plan under way. */
export type StoredStream = Pick<
  PartitionStream,
  | 'key'
  | 'epoch'
  | 'decidedTo'
  | 'plan'
  | 'waiting'
  | 'waitingSinceMs'
  | 'isStorable'
  | 'nextPlan'
  | 'begin'
  | 'rowsOf'
  | 'storedBy'
  | 'release'
>;

/** A partition that this process owns, as storing sees it. */
export type StoredPartition = Pick<
  OwnedPartition,
  'isHeld' | 'isStoring' | 'storing' | 'retake' | 'resume' | 'commit'
> & { readonly stream: StoredStream };

export interface StoredPartitionsPort {
  all(): StoredPartition[];
}

/** Tells projects what the rows of a plan give rise to; resolves once the log has it. */
export interface NoticesPort {
  raiseFor(rows: PlanRows, nowMs: number): Promise<void>;
}

/** Keeps comparing rollups apart from inserting usage, over all processes. */
export interface LockPort {
  shared<T>(work: () => Promise<T>): Promise<T>;
  exclusive<T>(work: () => Promise<T>): Promise<T>;
}

/** What ClickHouse holds of a plan, and what it says of itself. */
export interface StoredUsagePort {
  /** Until when an insert may begin that is justified by what is looked at from now on; by the server's clock. */
  insertUntilMs(): Promise<number>;
  findIdentities(search: {
    partition: number;
    identities: string[];
    exceptPlan: string | null;
  }): Promise<Map<string, string>>;
  rawPositions(token: string, rows: readonly UsageRow[]): Promise<Set<PositionText>>;
  setAsidePositions(extent: PlanExtent): Promise<Set<PositionText>>;
  /** How many inserts into the usage tables the server works on at this moment. */
  insertsUnderWay(): Promise<number>;
  /** Cuts slices into pieces that are each compared within the limit of a query. */
  cutComparison(slices: readonly DaySlices[]): Promise<ComparedSlices[]>;
  compareRollups(slices: ComparedSlices): Promise<RollupDifference[]>;
  /** Identities that have more than one raw row; some of them, if there are very many. */
  findRepeated(slices: ComparedSlices): Promise<string[]>;
}

/** How much one process holds at the most, and how long it gathers. */
export interface StoringBounds {
  /** Rows of one plan, hence of one insert. */
  planRowsMax: number;
  storeEveryMs: number;
  /** Decided rows of one partition above which its delivery pauses, unless an unfinished plan needs more of them. */
  waitingRowsMax: number;
  /** Bytes of the records whose rows wait, over all partitions of the process: each may hold its share of them. */
  waitingBytesMax: number;
}

export interface StoringPorts {
  bounds: StoringBounds;
  owned: StoredPartitionsPort;
  notices: NoticesPort;
  lock: LockPort;
  store: StoredUsagePort;
}

/** Injection token of `StoringPorts`. */
export const STORING_PORTS = Symbol('storing ports');
