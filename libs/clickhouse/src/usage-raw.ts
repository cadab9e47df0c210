import { CARRIED_FIELDS, type Cost, type Origin, type PricedUsage } from '#contracts';
import { picoFromDecimal } from '#money';
import type { ClickHouseClient } from './client.js';
import { insertRowBinary, type InsertTokens } from './insert-row-binary.js';
import { writesOf } from './carried-columns.js';
import { RowBinaryWriter } from './row-binary-writer.js';

/** A counted event with the place it came from: one row of `usage_raw`. */
export interface UsageRow {
  usage: PricedUsage;
  origin: Origin;
  index: number;
}

/** `customer` comes first, for the sort key; the other carried fields keep the order of the table. */
const CARRIED_AFTER = CARRIED_FIELDS.filter((field) => field !== 'customer');

const COLUMNS = [
  'project',
  'customer',
  'event_time',
  'source',
  'id',
  'type',
  'api_key',
  'received_at',
  ...CARRIED_AFTER,
  'usage',
  'requests',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'output_reasoning_tokens',
  'cost_state',
  'cost',
  'cost_partial',
  'cost_reason',
  'cost_detail',
  'cost_lines',
  'price_version',
  'identity',
  'content',
  'origin_cluster',
  'origin_partition',
  'origin_offset',
  'origin_index',
  'plan_token',
];

const COST_STATES = { priced: 1, free: 2, unpriced: 3 } as const;
const ROW_BYTES_EXPECTED = 700;

const CARRIED_WRITES = writesOf(CARRIED_AFTER);

/** Inserts rows of one plan. */
export async function insertUsageRaw(
  client: ClickHouseClient,
  rows: UsageRow[],
  tokens: InsertTokens,
): Promise<void> {
  const writer = new RowBinaryWriter(rows.length * ROW_BYTES_EXPECTED);
  for (const row of rows) writeRow(writer, row, tokens.planToken);
  await insertRowBinary(client, {
    table: 'usage_raw',
    columns: COLUMNS,
    bytes: writer.bytes(),
    tokens,
  });
}

function writeRow(
  writer: RowBinaryWriter,
  { usage, origin, index }: UsageRow,
  planToken: string,
): void {
  writer.string(usage.project);
  writer.nullableString(usage.customer);
  writer.dateTime64(Date.parse(usage.event_time));
  writer.string(usage.source);
  writer.string(usage.id);
  writer.string(usage.type);
  writer.string(usage.key);
  writer.dateTime64(Date.parse(usage.received_at));
  for (const write of CARRIED_WRITES) write(writer, usage);
  writer.map(Object.entries(usage.usage), (count) => writer.uint64(count));
  writer.uint64(usage.usage.requests ?? 1);
  writer.uint64(usage.usage.input_tokens ?? 0);
  writer.uint64(usage.usage.cache_read_tokens ?? 0);
  writer.uint64(usage.usage.cache_write_tokens ?? 0);
  writer.uint64(usage.usage.output_tokens ?? 0);
  writer.uint64(usage.usage.output_reasoning_tokens ?? 0);
  writeCost(writer, usage.cost);
  writer.fixedHex(usage.identity);
  writer.fixedHex(usage.content);
  writer.string(origin.cluster);
  writer.uint16(origin.partition);
  writer.bigUint64(BigInt(origin.offset));
  writer.uint32(index);
  writer.string(planToken);
}

function writeCost(writer: RowBinaryWriter, cost: Cost): void {
  writer.uint8(COST_STATES[cost.state]);
  writer.int128(cost.state === 'priced' ? pico(cost.amount) : 0n);
  writer.int128(cost.state === 'unpriced' ? pico(cost.partial) : 0n);
  writer.string(cost.state === 'unpriced' ? cost.reason : '');
  writer.string(cost.state === 'unpriced' ? cost.detail : '');
  writer.string(JSON.stringify(cost.lines));
  writer.string(cost.price_version);
}

function pico(amount: string): bigint {
  const value = picoFromDecimal(amount);
  if (value === null) throw new Error(`not an amount of dollars: ${amount}`);
  return value;
}
