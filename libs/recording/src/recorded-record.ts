import {
  DEFAULT_SOURCE,
  partitionOf,
  RECORDED_SCHEMA,
  type RecordedBatch,
  type UsageEvent,
} from '#contracts';

/** A record of `usage.recorded`, as a producer takes it. */
export interface RecordedRecord {
  partition: number;
  value: Buffer;
  headers: Record<string, string>;
}

/** The one place where a `RecordedEnvelope` is written, of batches that are JSON already. */
export function recordedRecord(
  content: { partition: number; events: number; batches: readonly string[] },
  batchId: string,
): RecordedRecord {
  const { partition, events, batches } = content;
  return {
    partition,
    value: Buffer.from(`{"v":1,"batches":[${batches.join(',')}]}`),
    headers: { schema: RECORDED_SCHEMA, 'batch-id': batchId, count: String(events) },
  };
}

/** The record of one event alone, in the partition of its identity. */
export function recordOf(
  batch: RecordedBatch & { events: [UsageEvent] },
  batchId: string,
): RecordedRecord {
  const [{ source, id }] = batch.events;
  const identity = { project: batch.project, source: source ?? DEFAULT_SOURCE, id };
  const partition = partitionOf(identity);
  return recordedRecord({ partition, events: 1, batches: [JSON.stringify(batch)] }, batchId);
}
