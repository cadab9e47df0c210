import type { Origin, PricedItem, PricedUsage, QuarantinedUsage } from '#contracts';
import type { SetAsideRow, UsageRow } from '#clickhouse';
import type { PartitionKey } from '#postgres';

/** What became of one record's items: every item is in exactly one of the two lists. */
export interface DecidedItems {
  counted: UsageRow[];
  setAside: SetAsideRow[];
}

/** One record of `usage.priced` after deciding. */
export interface DecidedRecord extends DecidedItems {
  offset: bigint;
  /** Null for a record that could not be read: it has no origin. */
  originOffset: bigint | null;
  /** When the broker appended its origin; null without one. */
  appendedAt: Date | null;
  /** When the broker appended the record itself: since then its rows wait to be stored. */
  pricedAtMs: number;
  /** Length of the record, by which the memory of its rows is bounded. */
  bytes: number;
}

/**
 * Decides about each item, in order: the first of an identity counts; after it, the same content is a repeat and other
 * content a conflict. `contents` maps every identity that is already decided to its content, and takes up the new ones.
 */
export function decideItems(
  items: PricedItem[],
  origin: Origin,
  contents: Map<string, string>,
): DecidedItems {
  const decided: DecidedItems = { counted: [], setAside: [] };
  items.forEach((item, index) => {
    if (item.outcome === 'quarantined') {
      decided.setAside.push(quarantinedRow(item, origin, index));
      return;
    }
    const countedContent = contents.get(item.identity);
    if (countedContent === undefined) {
      contents.set(item.identity, item.content);
      decided.counted.push({ usage: item, origin, index });
      return;
    }
    decided.setAside.push(notCountedRow(item, countedContent, origin, index));
  });
  return decided;
}

function notCountedRow(
  usage: PricedUsage,
  countedContent: string,
  origin: Origin,
  index: number,
): SetAsideRow {
  const repeated = usage.content === countedContent;
  return {
    decidedAs: repeated ? 'repeat' : 'conflict',
    project: usage.project,
    source: usage.source,
    id: usage.id,
    identity: usage.identity,
    content: usage.content,
    countedContent,
    customer: usage.customer,
    eventTime: usage.event_time,
    receivedAt: usage.received_at,
    reason: repeated ? 'same_content' : 'other_content',
    detail: '',
    payload: repeated ? '' : JSON.stringify(usage),
    payloadEncoding: 'json',
    origin,
    index,
  };
}

function quarantinedRow(item: QuarantinedUsage, origin: Origin, index: number): SetAsideRow {
  return {
    decidedAs: 'quarantined',
    project: item.project,
    source: item.source,
    id: item.id,
    identity: null,
    content: null,
    countedContent: null,
    customer: null,
    eventTime: null,
    receivedAt: null,
    reason: item.reason,
    detail: item.detail,
    payload: item.payload,
    payloadEncoding: item.payload_encoding,
    origin,
    index,
  };
}

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
