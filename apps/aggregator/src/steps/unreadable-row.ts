import type { SetAsideRow } from '#clickhouse';
import type { PartitionKey } from '#postgres';

/** A record of `usage.priced` that cannot be read, kept whole. Having no origin, it is filed under its own position. */
export function unreadableRow(
  { cluster, topic, partition }: PartitionKey,
  { offset, timestampMs, value }: { offset: string; timestampMs: number; value: Buffer },
  detail: string,
): SetAsideRow {
  return {
    decidedAs: 'quarantined',
    project: null,
    source: null,
    id: null,
    identity: null,
    content: null,
    countedContent: null,
    customer: null,
    eventTime: null,
    receivedAt: null,
    reason: 'unreadable_record',
    detail: `${topic}: ${detail}`,
    payload: value.toString('base64'),
    payloadEncoding: 'base64',
    origin: { cluster, partition, offset, appended_at: new Date(timestampMs).toISOString() },
    index: 0,
  };
}
