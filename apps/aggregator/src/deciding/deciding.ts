import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import type { KafkaRecord } from '#kafka';
import { Clock, LOGGER, type Logger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { DECIDING_PORTS, type DecidedStream, type DecidingPorts } from './deciding.ports.js';
import { decideItems, type DecidedRecord, unreadableRow } from './steps/decide-items.js';
import { readPricedRecord, type ReadRecord } from './steps/read-priced-record.js';

const DECIDE_ITEMS_MAX = 5_000;
/** Reading so many holds the main loop for some milliseconds. */
const READ_ITEMS_AT_ONCE = 500;
/** Partitions that look identities up at once: storing must find a connection beside them. */
const LOOKING_UP_AT_ONCE = 4;

interface Reading {
  record: KafkaRecord;
  read: ReadRecord;
}

/** What counts and what does not: follows the records of a partition in their order, each once. */
@Injectable()
export class Deciding {
  private readonly lookingUp = pLimit(LOOKING_UP_AT_ONCE);

  constructor(
    @Inject(DECIDING_PORTS) private readonly ports: DecidingPorts,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Those records that are not decided; null when some before them are missing and have to be sought back to. */
  newsIn(records: readonly KafkaRecord[], stream: DecidedStream): KafkaRecord[] | null {
    const [first] = records;
    if (
      first &&
      BigInt(first.offset) > stream.decidedTo &&
      !this.areLost(stream, BigInt(first.offset))
    )
      return null;
    return records.filter(({ offset }) => BigInt(offset) >= stream.decidedTo);
  }

  /** Decides a few thousand items at a time, and says behind which record it stands. */
  async *decide(stream: DecidedStream, news: readonly KafkaRecord[]): AsyncGenerator<string> {
    for await (const chunk of chunksOf(news)) {
      await this.decideChunk(stream, chunk);
      yield chunk.at(-1)!.record.offset;
    }
  }

  private async decideChunk(stream: DecidedStream, chunk: Reading[]): Promise<void> {
    const exceptPlan = stream.plan?.plan.token ?? null;
    const { contents, unclear } = stream.recall(chunk.flatMap(({ read }) => identitiesOf(read)));
    if (unclear.length > 0) {
      this.metrics.lookedUp.inc(unclear.length);
      const search = { partition: stream.key.partition, identities: unclear, exceptPlan };
      const found = await this.lookingUp(() => this.ports.identities.findIdentities(search));
      for (const [identity, content] of found) contents.set(identity, content);
    }
    for (const { record, read } of chunk) this.decideRecord(stream, record, read, contents);
  }

  private decideRecord(
    stream: DecidedStream,
    record: KafkaRecord,
    read: ReadRecord,
    contents: Map<string, string>,
  ): void {
    const offset = BigInt(record.offset);
    const carried = { offset, pricedAtMs: record.timestampMs, bytes: record.value.length };
    if (!read.readable) {
      const setAside = [unreadableRow(stream.key, record, read.detail)];
      const unplaced = { originOffset: null, appendedAt: null };
      this.append(stream, { ...carried, ...unplaced, counted: [], setAside });
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
    const appendedAt = new Date(read.origin.appended_at);
    this.append(stream, { ...carried, originOffset, appendedAt, ...decided });
  }

  private append(stream: DecidedStream, record: DecidedRecord): void {
    stream.append(record, this.clock.now());
    this.metrics.countDecided(record);
  }

  /** Whether the records up to `offset` are gone from the log: a jump that seeking back has not cured. */
  private areLost(stream: DecidedStream, offset: bigint): boolean {
    if (stream.seekBack()) return false;
    if (stream.plan !== null && stream.decidedTo <= stream.plan.plan.last) {
      throw new Error(`the records of plan ${stream.plan.plan.token} are gone from the log`);
    }
    this.alarm(stream, stream.key.topic, stream.decidedTo, offset);
    return true;
  }

  private alarm(stream: DecidedStream, topic: string, from: bigint, to: bigint): void {
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

async function* chunksOf(records: readonly KafkaRecord[]): AsyncGenerator<Reading[]> {
  let chunk: Reading[] = [];
  let items = 0;
  let readAtOnce = 0;
  for (const record of records) {
    const read = readPricedRecord(record.value);
    chunk.push({ record, read });
    const itemsOfRecord = read.readable ? read.items.length : 1;
    items += itemsOfRecord;
    readAtOnce += itemsOfRecord;
    if (readAtOnce >= READ_ITEMS_AT_ONCE) {
      readAtOnce = 0;
      await nextTurn();
    }
    if (items < DECIDE_ITEMS_MAX) continue;
    yield chunk;
    chunk = [];
    items = 0;
  }
  if (chunk.length > 0) yield chunk;
}
