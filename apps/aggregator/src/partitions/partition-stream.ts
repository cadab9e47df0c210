import type { UsageRow } from '#clickhouse';
import type { Ownership, PartitionKey, Plan, Stored } from '#postgres';
import type { IdentityFilter } from '../deciding/identity-filter.js';
import type { DecidedItems, DecidedRecord } from '../deciding/steps/decide-items.js';
import { WaitingRows } from './waiting-rows.js';

/** The rows of one plan. */
export type PlanRows = DecidedItems;

/** A plan is `unsure` once an insert of it may have happened without our knowing its end. */
interface PlanUnderWay {
  plan: Plan;
  unsure: boolean;
}

/** How far each step has come. They move by the methods of the stream alone. */
interface Watermarks {
  decidedTo: bigint;
  originDecidedTo: bigint;
  originCountedTo: bigint;
  originStoredTo: bigint;
}

/**
 * What one owner holds of one partition: how far it has decided, and what is decided and not yet stored.
 * A new owner starts a new stream; nothing of it outlives the ownership.
 */
export class PartitionStream {
  readonly epoch: bigint;
  private readonly at: Watermarks;
  private planUnderWay: PlanUnderWay | null;
  private soughtBackTo: bigint | null = null;
  private oldestDecidedAtMs: number | null = null;
  private records: DecidedRecord[] = [];
  private readonly amounts = new WaitingRows();
  /** Identity to content of what is decided and not stored. */
  private readonly unstored = new Map<string, string>();

  constructor(
    readonly key: PartitionKey,
    { epoch, storedTo, originStoredTo, plan }: Ownership,
    private readonly filter: IdentityFilter,
  ) {
    this.epoch = epoch;
    this.at = {
      decidedTo: storedTo,
      originDecidedTo: originStoredTo,
      originCountedTo: originStoredTo,
      originStoredTo,
    };
    this.planUnderWay = plan === null ? null : { plan, unsure: true };
  }

  /** The next offset of `usage.priced` to decide. */
  get decidedTo(): bigint {
    return this.at.decidedTo;
  }

  /** The highest offset of `usage.recorded` that is decided: at or below it, a redelivery by pricing. */
  get originDecidedTo(): bigint {
    return this.at.originDecidedTo;
  }

  /** The highest offset of `usage.recorded` that the counters hold: only what is counted is stored. */
  get originCountedTo(): bigint {
    return this.at.originCountedTo;
  }

  /** The highest offset of `usage.recorded` that is stored. */
  get originStoredTo(): bigint {
    return this.at.originStoredTo;
  }

  /** The plan under way. */
  get plan(): PlanUnderWay | null {
    return this.planUnderWay;
  }

  /** When the oldest record that waits was decided; null when none waits. */
  get waitingSinceMs(): number | null {
    return this.oldestDecidedAtMs;
  }

  /** How much is decided and not stored. */
  get waiting(): Pick<WaitingRows, 'rows' | 'bytes' | 'byProject' | 'takeStored'> {
    return this.amounts;
  }

  /** When the broker appended the oldest record that waits; null when none waits. */
  get waitingFromMs(): number | null {
    return this.records[0]?.pricedAtMs ?? null;
  }

  /**
   * What is known here about `identities`: contents of the unstored, and which ones only ClickHouse can tell.
   * One look at one moment: storing may finish while ClickHouse is asked.
   */
  recall(identities: Iterable<string>): { contents: Map<string, string>; unclear: string[] } {
    const contents = new Map<string, string>();
    const unclear = new Set<string>();
    for (const identity of identities) {
      const content = this.unstored.get(identity);
      if (content !== undefined) contents.set(identity, content);
      else if (this.filter.mayContain(identity)) unclear.add(identity);
    }
    return { contents, unclear: [...unclear] };
  }

  append(record: DecidedRecord, nowMs: number): void {
    this.records.push(record);
    this.amounts.add(record);
    this.oldestDecidedAtMs ??= nowMs;
    for (const { usage } of record.counted) {
      this.unstored.set(usage.identity, usage.content);
      this.filter.add(usage.identity);
    }
    this.passOver(record.offset, record.originOffset);
  }

  /** Moves on without anything to store, as over a redelivery. */
  passOver(offset: bigint, originOffset: bigint | null): void {
    this.at.decidedTo = offset + 1n;
    if (originOffset !== null && originOffset > this.at.originDecidedTo)
      this.at.originDecidedTo = originOffset;
  }

  /** Tells a stray delivery from records that are gone: false when it was sought back to this very position before. */
  seekBack(): boolean {
    if (this.soughtBackTo === this.at.decidedTo) return false;
    this.soughtBackTo = this.at.decidedTo;
    return true;
  }

  /** Counted rows of positions above `originOffset` that are decided and not stored. */
  rowsAbove(originOffset: bigint): UsageRow[] {
    return this.records
      .filter((record) => record.originOffset !== null && record.originOffset > originOffset)
      .flatMap(({ counted }) => counted);
  }

  /** Whether a row is decided and not counted that came up to `untilMs` and is of a project that `isSought`. */
  hasUncounted(isSought: (project: string) => boolean, untilMs: number): boolean {
    for (const record of this.records) {
      if (record.pricedAtMs > untilMs) return false;
      if (!this.isCounted(record) && record.counted.some(({ usage }) => isSought(usage.project)))
        return true;
    }
    return false;
  }

  countedUpTo(originOffset: bigint): void {
    if (originOffset > this.at.originCountedTo) this.at.originCountedTo = originOffset;
  }

  /** Whether the next plan, or the one under way, has something to store that the counters hold. */
  isStorable(): boolean {
    const [first] = this.records;
    if (this.planUnderWay === null) return first !== undefined && this.isCounted(first);
    const { plan } = this.planUnderWay;
    return (
      this.at.decidedTo > plan.last && this.recordsOf(plan).every((one) => this.isCounted(one))
    );
  }

  /** A plan for what waits and is counted, of at most `rowsMax` rows save for a single larger record; null when nothing waits. */
  nextPlan(rowsMax: number): Plan | null {
    const [firstRecord] = this.records;
    if (!firstRecord) return null;
    let counted = 0;
    let setAside = 0;
    let last = firstRecord.offset;
    for (const record of this.records) {
      const rows = counted + setAside + record.counted.length + record.setAside.length;
      if (record !== firstRecord && (rows > rowsMax || !this.isCounted(record))) break;
      counted += record.counted.length;
      setAside += record.setAside.length;
      last = record.offset;
    }
    const { cluster, topic, partition } = this.key;
    const token = `${cluster}:${topic}:${partition}:${firstRecord.offset}:${last}`;
    return { first: firstRecord.offset, last, token, counted, setAside };
  }

  /** The plan is written down: from now on an insert of it may happen. */
  begin(plan: Plan): void {
    this.planUnderWay = { plan, unsure: true };
  }

  rowsOf(plan: Plan): PlanRows {
    const records = this.recordsOf(plan);
    return {
      counted: records.flatMap(({ counted }) => counted),
      setAside: records.flatMap(({ setAside }) => setAside),
    };
  }

  /** How far the plan brings the partition. */
  storedBy(plan: Plan): Stored {
    const records = this.recordsOf(plan);
    const last = records.findLast(({ originOffset }) => originOffset !== null);
    const customers = new Map<string, { project: string; id: string }>();
    for (const { usage } of records.flatMap(({ counted }) => counted)) {
      if (usage.customer !== null) {
        customers.set(`${usage.project}\0${usage.customer}`, {
          project: usage.project,
          id: usage.customer,
        });
      }
    }
    return {
      storedTo: plan.last + 1n,
      originStoredTo: last?.originOffset ?? this.at.originStoredTo,
      originAppendedAt: last?.appendedAt ?? null,
      customers: [...customers.values()],
    };
  }

  /** Forgets what the plan has stored. */
  release(plan: Plan, nowMs: number): void {
    const released = this.recordsOf(plan);
    this.at.originStoredTo = this.storedBy(plan).originStoredTo;
    this.records = this.records.slice(released.length);
    for (const record of released) {
      this.amounts.remove(record);
      for (const { usage } of record.counted) this.unstored.delete(usage.identity);
    }
    this.planUnderWay = null;
    this.oldestDecidedAtMs = this.records.length > 0 ? nowMs : null;
  }

  private isCounted({ originOffset }: DecidedRecord): boolean {
    return originOffset === null || originOffset <= this.at.originCountedTo;
  }

  private recordsOf(plan: Plan): DecidedRecord[] {
    return this.records.filter(({ offset }) => offset <= plan.last);
  }
}
