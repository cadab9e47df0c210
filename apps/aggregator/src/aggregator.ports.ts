import type { Ownership, PartitionKey, Plan, Stored } from '#postgres';
import type {
  PlanExtent,
  PositionText,
  RollupDifference,
  SetAsideRow,
  UsageRow,
} from '#clickhouse';

/** The row of PostgreSQL that says who owns a partition; `false` means: somebody else by now. */
export interface OwnershipPort {
  takeOver(key: PartitionKey): Promise<Ownership>;
  writePlan(key: PartitionKey, epoch: bigint, plan: Plan): Promise<boolean>;
  finishPlan(key: PartitionKey, epoch: bigint, stored: Stored): Promise<boolean>;
}

/** Keeps comparing rollups apart from inserting usage, over all processes. */
export interface LockPort {
  shared<T>(work: () => Promise<T>): Promise<T>;
  exclusive<T>(work: () => Promise<T>): Promise<T>;
}

/** A deduplication token, and the plan whose rows these are. */
export interface InsertTokens {
  token: string;
  planToken: string;
}

/** ClickHouse, as the protocol sees it. An insert that rejects may have stored anything from nothing to all. */
export interface UsageStorePort {
  findIdentities(search: {
    partition: number;
    identities: string[];
    exceptPlan: string | null;
  }): Promise<Map<string, string>>;
  countIdentities(partition: number): Promise<number>;
  /** 16 bytes an identity, chunks cut anywhere. */
  streamIdentities(partition: number): AsyncIterable<Buffer>;
  insertRaw(rows: UsageRow[], tokens: InsertTokens): Promise<void>;
  insertSetAside(rows: SetAsideRow[], tokens: InsertTokens): Promise<void>;
  insertIdentities(rows: UsageRow[], tokens: InsertTokens): Promise<void>;
  /** How many inserts into the usage tables the server works on at this moment. */
  insertsUnderWay(): Promise<number>;
  rawPositions(extent: PlanExtent): Promise<Set<PositionText>>;
  setAsidePositions(extent: PlanExtent): Promise<Set<PositionText>>;
  correctRollups(extent: {
    fromDay: string;
    toDay: string;
    projects?: string[];
  }): Promise<RollupDifference[]>;
}

/** How much one process holds at the most, and how long it gathers. */
export interface StreamBounds {
  /** Rows of one plan, hence of one insert. */
  planRowsMax: number;
  storeEveryMs: number;
  /** Decided rows of one partition above which its delivery pauses. */
  waitingRowsMax: number;
  filterIdentitiesMin: number;
  filterIdentitiesMax: number;
}

export interface AggregatorPorts {
  /** The stream whose partitions are owned. */
  source: { cluster: string; topic: string };
  bounds: StreamBounds;
  ownership: OwnershipPort;
  lock: LockPort;
  store: UsageStorePort;
}

/** Injection token of `AggregatorPorts`. */
export const AGGREGATOR_PORTS = Symbol('aggregator ports');
