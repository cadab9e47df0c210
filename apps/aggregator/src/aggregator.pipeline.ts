import { Inject, Injectable } from '@nestjs/common';
import type { KafkaRecord, RecordBatch } from '#kafka';
import { Clock, failpoint, LOGGER, type Logger } from '#platform';
import { AggregatorMetrics } from './aggregator.metrics.js';
import { AGGREGATOR_PORTS, type AggregatorPorts } from './aggregator.ports.js';
import { type OwnedPartition, OwnedPartitions } from './owned-partitions.js';
import { type DecidedRecord, PartitionStream } from './partition-stream.js';
import { UsageCounting } from './counting/usage-counting.js';
import { PlanStoring } from './plan-storing.js';
import { decideItems } from './steps/decide-items.js';
import { readPricedRecord, type ReadRecord } from './steps/read-priced-record.js';
import { unreadableRow } from './steps/unreadable-row.js';

interface Reading {
  record: KafkaRecord;
  read: ReadRecord;
}

const DECIDE_ITEMS_MAX = 5_000;

/**
 * Decide, count, store. Deciding follows the records as they arrive; storing gathers about a second (`PlanStoring`).
 * Counting follows deciding at once, and only what is counted is stored (`UsageCounting`).
 */
@Injectable()
export class AggregatorPipeline {
  constructor(
    @Inject(AGGREGATOR_PORTS) private readonly ports: AggregatorPorts,
    private readonly partitions: OwnedPartitions,
    private readonly counting: UsageCounting,
    private readonly storing: PlanStoring,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Decides about the records of a batch. A partition with too much to store is paused until it is stored. */
  async accept(batch: RecordBatch): Promise<void> {
    const owned = this.partitions.of(batch);
    if (!owned) {
      // It was lost to another process while no batch was at hand to go back with.
      const { partition, generation } = batch;
      if (batch.isCurrent()) batch.seek(await this.partitions.takeOver(partition, generation));
      return;
    }
    owned.lastBatch = batch;
    const { stream } = owned;
    const [first] = batch.records;
    if (
      first &&
      BigInt(first.offset) > stream.decidedTo &&
      !this.areLost(stream, BigInt(first.offset))
    ) {
      batch.seek(String(stream.decidedTo));
      return;
    }
    const news = batch.records.filter(({ offset }) => BigInt(offset) >= stream.decidedTo);
    const last = batch.records.at(-1);
    if (news.length === 0 && last) batch.resolve(last.offset);
    for (const chunk of chunksOf(news)) {
      await this.decide(stream, chunk);
      this.countSoon(owned);
      if (!this.partitions.holds(owned)) return;
      batch.resolve(chunk.at(-1)!.record.offset);
      await batch.heartbeat();
    }
    failpoint('aggregator.after_decide');
    if (stream.rowsWaiting >= this.ports.bounds.waitingRowsMax) owned.resume ??= batch.pause();
  }

  /**
   * Stores what is decided and lets go of partitions that may be somebody else's from now on.
   * If they are, the epoch refuses the storing and the new owner decides the same again.
   */
  async giveUp(partitions: readonly number[], generation: number): Promise<void> {
    await this.counting.followAll().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'not counted before giving up');
    });
    await this.storing.storeAll();
    this.partitions.release(partitions, generation);
  }

  /** Deciding does not wait for Redis: what an outage leaves uncounted is counted by the clock. */
  private countSoon(owned: OwnedPartition): void {
    this.counting.follow(owned).catch((error: unknown) => {
      this.logger.warn({ err: error, partition: owned.stream.key.partition }, 'not counted yet');
    });
  }

  private async decide(stream: PartitionStream, chunk: Reading[]): Promise<void> {
    const exceptPlan = stream.plan?.plan.token ?? null;
    const { contents, unclear } = stream.recall(chunk.flatMap(({ read }) => identitiesOf(read)));
    if (unclear.length > 0) {
      const search = { partition: stream.key.partition, identities: unclear, exceptPlan };
      for (const [identity, content] of await this.ports.store.findIdentities(search)) {
        contents.set(identity, content);
      }
    }
    for (const { record, read } of chunk) this.decideRecord(stream, record, read, contents);
  }

  private decideRecord(
    stream: PartitionStream,
    record: KafkaRecord,
    read: ReadRecord,
    contents: Map<string, string>,
  ): void {
    const offset = BigInt(record.offset);
    if (!read.readable) {
      const setAside = [unreadableRow(stream.key, record, read.detail)];
      this.append(stream, { offset, originOffset: null, appendedAt: null, counted: [], setAside });
      return;
    }
    const originOffset = BigInt(read.origin.offset);
    if (originOffset <= stream.originDecidedTo) {
      stream.passOver(offset, originOffset);
      this.metrics.redelivered.inc();
      return;
    }
    if (originOffset > stream.originDecidedTo + 1n) {
      this.alarm(stream, 'usage.recorded', stream.originDecidedTo + 1n, originOffset);
    }
    const decided = decideItems(read.items, read.origin, contents);
    this.append(stream, {
      offset,
      originOffset,
      appendedAt: new Date(read.origin.appended_at),
      ...decided,
    });
  }

  private append(stream: PartitionStream, record: DecidedRecord): void {
    stream.append(record, this.clock.now());
    this.metrics.countDecided(record);
  }

  /** Whether the records up to `offset` are gone from the log: a jump that seeking back has not cured. */
  private areLost(stream: PartitionStream, offset: bigint): boolean {
    if (stream.soughtBackTo !== stream.decidedTo) {
      stream.soughtBackTo = stream.decidedTo;
      return false;
    }
    if (stream.plan !== null && stream.decidedTo <= stream.plan.plan.last) {
      throw new Error(`the records of plan ${stream.plan.plan.token} are gone from the log`);
    }
    this.alarm(stream, stream.key.topic, stream.decidedTo, offset);
    return true;
  }

  private alarm(stream: PartitionStream, topic: string, from: bigint, to: bigint): void {
    this.metrics.positionsLost.inc(Number(to - from));
    this.logger.error(
      { topic, partition: stream.key.partition, from: String(from), to: String(to) },
      'positions are gone from the log',
    );
  }
}

function identitiesOf(read: ReadRecord): string[] {
  if (!read.readable) return [];
  return read.items.flatMap((item) => (item.outcome === 'usage' ? [item.identity] : []));
}

function* chunksOf(records: readonly KafkaRecord[]): Generator<Reading[]> {
  let chunk: Reading[] = [];
  let items = 0;
  for (const record of records) {
    const read = readPricedRecord(record.value);
    chunk.push({ record, read });
    items += read.readable ? read.items.length : 1;
    if (items < DECIDE_ITEMS_MAX) continue;
    yield chunk;
    chunk = [];
    items = 0;
  }
  if (chunk.length > 0) yield chunk;
}
