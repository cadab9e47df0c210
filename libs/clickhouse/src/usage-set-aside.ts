import type { Origin } from '#contracts';
import type { ClickHouseClient } from './client.js';
import { insertRowBinary, type InsertTokens } from './insert-row-binary.js';
import { RowBinaryWriter } from './row-binary-writer.js';

const DECIDED_AS = { repeat: 1, conflict: 2, quarantined: 3 } as const;
const NO_HASH = '0'.repeat(32);

/** An item that was decided and does not count: one row of `usage_set_aside`. */
export interface SetAsideRow {
  decidedAs: keyof typeof DECIDED_AS;
  project: string | null;
  source: string | null;
  id: string | null;
  identity: string | null;
  content: string | null;
  countedContent: string | null;
  customer: string | null;
  eventTime: string | null;
  receivedAt: string | null;
  reason: string;
  detail: string;
  payload: string;
  payloadEncoding: 'json' | 'base64';
  origin: Origin;
  index: number;
}

const COLUMNS = [
  'project',
  'decided_as',
  'source',
  'id',
  'identity',
  'content',
  'counted_content',
  'customer',
  'event_time',
  'received_at',
  'reason',
  'detail',
  'payload',
  'payload_encoding',
  'origin_cluster',
  'origin_partition',
  'origin_offset',
  'origin_index',
  'origin_appended_at',
  'plan_token',
] as const;

/** Inserts rows of one plan. */
export async function insertUsageSetAside(
  client: ClickHouseClient,
  rows: SetAsideRow[],
  tokens: InsertTokens,
): Promise<void> {
  const writer = new RowBinaryWriter();
  for (const row of rows) writeRow(writer, row, tokens.planToken);
  await insertRowBinary(client, {
    table: 'usage_set_aside',
    columns: COLUMNS,
    bytes: writer.bytes(),
    tokens,
  });
}

function writeRow(writer: RowBinaryWriter, row: SetAsideRow, planToken: string): void {
  writer.string(row.project ?? '');
  writer.uint8(DECIDED_AS[row.decidedAs]);
  writer.string(row.source ?? '');
  writer.string(row.id ?? '');
  writer.fixedHex(row.identity ?? NO_HASH);
  writer.fixedHex(row.content ?? NO_HASH);
  writer.fixedHex(row.countedContent ?? NO_HASH);
  writer.nullableString(row.customer);
  writer.nullable(row.eventTime, (time) => writer.dateTime64(Date.parse(time)));
  writer.nullable(row.receivedAt, (time) => writer.dateTime64(Date.parse(time)));
  writer.string(row.reason);
  writer.string(row.detail);
  writer.string(row.payload);
  writer.string(row.payloadEncoding);
  writer.string(row.origin.cluster);
  writer.uint16(row.origin.partition);
  writer.bigUint64(BigInt(row.origin.offset));
  writer.uint32(row.index);
  writer.dateTime64(Date.parse(row.origin.appended_at));
  writer.string(planToken);
}
