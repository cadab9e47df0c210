import type { IdentityPage } from '#clickhouse';
import type { PartitionKey, Plan } from '#postgres';
import type { DecidedRecord } from './steps/decide-items.js';

/** ClickHouse, as far as it remembers which identities count. */
export interface IdentitiesPort {
  findIdentities(search: {
    partition: number;
    identities: string[];
    exceptPlan: string | null;
  }): Promise<Map<string, string>>;
  /** The stored identities of a partition from the prefix `from` on, the lowest first, `identitiesMax` at the most. */
  readIdentityPage(asked: {
    partition: number;
    from: bigint;
    identitiesMax: number;
  }): Promise<IdentityPage>;
}

/** The stream of a partition, as deciding moves it on. */
export interface DecidedStream {
  readonly key: PartitionKey;
  /** The next offset of `usage.priced` to decide. */
  readonly decidedTo: bigint;
  /** The highest offset of `usage.recorded` that is decided: at or below it, a redelivery by pricing. */
  readonly originDecidedTo: bigint;
  readonly plan: { plan: Plan } | null;
  recall(identities: Iterable<string>): { contents: Map<string, string>; unclear: string[] };
  append(record: DecidedRecord, nowMs: number): void;
  passOver(offset: bigint, originOffset: bigint | null): void;
  /** False when it was sought back to this very position before. */
  seekBack(): boolean;
}

export interface DecidingPorts {
  identities: IdentitiesPort;
  /** Memory of the filters of all partitions together. */
  filterBytesMax: number;
  pageIdentitiesMax: number;
}

/** Injection token of `DecidingPorts`. */
export const DECIDING_PORTS = Symbol('deciding ports');
