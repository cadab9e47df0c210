import { type Topic } from '#contracts';
import { type BaseOffset, type SendOutcome } from './send-outcome.js';

export interface EnvelopeRecord {
  partition: number;
  value: Buffer;
  headers: Record<string, string>;
}

export interface EnvelopeSend {
  topic: Topic;
  /** Records of one partition keep their order. */
  records: readonly EnvelopeRecord[];
}

export interface PendingSend extends EnvelopeSend {
  /** On the clock of `performance.now()`. */
  deadlineAt: number;
  settle(outcome: SendOutcome): void;
}

/** Grouping a send by partition, kafkajs copies its array once a record. */
const FLIGHT_RECORDS_MAX = 1_000;
/** Room for what a record and its batch carry beside the value. */
const RECORD_OVERHEAD_BYTES = 256;

/** Why this send can never be written, or null. Sizes count before compression, so that the brokers have no reason left to refuse. */
export function refusalOf(app: string, { topic, records }: EnvelopeSend): string | null {
  if (!topic.writers.includes(app)) return `${app} is not declared as a writer of ${topic.name}`;
  const stranger = records.find(
    ({ partition }) =>
      !Number.isInteger(partition) || partition < 0 || partition >= topic.partitions,
  );
  if (stranger) return `${topic.name} has no partition ${stranger.partition}`;
  const tooFull = [...bytesPerPartition(records)].find(
    ([, bytes]) => bytes > topic.messageBytesMax,
  );
  if (tooFull) {
    return `${tooFull[1]} bytes for partition ${tooFull[0]} of ${topic.name}, at most ${topic.messageBytesMax}`;
  }
  return null;
}

/** Takes from the front what can travel in one request: one topic, and within the limits of a batch for each partition. */
export function takeFlight(waiting: PendingSend[]): PendingSend[] {
  const first = waiting[0];
  if (first === undefined) return [];
  let recordCount = first.records.length;
  const bytes = bytesPerPartition(first.records);
  let taken = 1;
  for (const next of waiting.slice(1)) {
    recordCount += next.records.length;
    if (next.topic.name !== first.topic.name || recordCount > FLIGHT_RECORDS_MAX) break;
    addBytes(bytes, next.records);
    if (Math.max(...bytes.values()) > first.topic.messageBytesMax) break;
    taken += 1;
  }
  return waiting.splice(0, taken);
}

/** Where each send of a flight begins in each of its partitions, or null when the answer does not cover every partition. */
export function baseOffsetsOf(
  flight: readonly PendingSend[],
  answer: readonly BaseOffset[],
): BaseOffset[][] | null {
  const next = new Map(answer.map(({ partition, baseOffset }) => [partition, BigInt(baseOffset)]));
  const offsets: BaseOffset[][] = [];
  for (const { records } of flight) {
    const bases = new Map<number, string>();
    for (const { partition } of records) {
      const offset = next.get(partition);
      if (offset === undefined) return null;
      if (!bases.has(partition)) bases.set(partition, offset.toString());
      next.set(partition, offset + 1n);
    }
    offsets.push([...bases].map(([partition, baseOffset]) => ({ partition, baseOffset })));
  }
  return offsets;
}

function bytesPerPartition(records: readonly EnvelopeRecord[]): Map<number, number> {
  const bytes = new Map<number, number>();
  addBytes(bytes, records);
  return bytes;
}

function addBytes(bytes: Map<number, number>, records: readonly EnvelopeRecord[]): void {
  for (const record of records) {
    bytes.set(record.partition, (bytes.get(record.partition) ?? 0) + bytesOf(record));
  }
}

/** What a record takes of its partition's batch, at most. */
export function bytesOf({ value }: EnvelopeRecord): number {
  return value.length + RECORD_OVERHEAD_BYTES;
}
