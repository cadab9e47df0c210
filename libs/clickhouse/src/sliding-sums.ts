import {
  type BudgetMeasure,
  canonicalJson,
  type CounterKey,
  type RateMeasure,
  type Scope,
  type WatchDimension,
} from '#contracts';
import { picoFromDecimal } from '#money';
import { LATENCY_BIN_GROWTH, LATENCY_BIN_MAX } from '#watches';
import type { ClickHouseClient } from './client.js';
import { amountOf, hasValue, isAmong, valueOf } from './watch-dimensions.js';

/** Stored usage of one partition in a watch's scope: what a sliding watch has to count, by bucket and counter key. */
export interface SlidingSumAsked {
  project: string;
  on: BudgetMeasure | RateMeasure;
  scope: Scope;
  per: readonly WatchDimension[];
  partition: number;
  /** Positions of `cluster`, from inclusive, below exclusive. Without `from`, all of other clusters count as well. */
  cluster: string;
  from: bigint | null;
  below: bigint;
  bucketMs: number;
  /** Starts of buckets, in milliseconds since the epoch: inclusive, exclusive. */
  fromMs: number;
  toMs: number;
}

export interface SlidingSum {
  bucketStartMs: number;
  /** Canonical JSON of the counter key. */
  key: string;
  /** Pico-dollars of cost, else whole counts; of an error share, the errors. */
  amount: bigint;
  events: number;
  /** Events by bin of their latency; empty unless a percentile is asked for. */
  bins: Map<number, number>;
  /** RFC 3339 with milliseconds, UTC. */
  lastEventTime: string;
}

const QUERIES_AT_ONCE = 4;
const EVENT_MS = 'toUnixTimestamp64Milli(event_time)';
/** What claims to come from the future counts at its receipt. */
const COUNTED_MS = `least(${EVENT_MS}, toUnixTimestamp64Milli(received_at))`;
const LATENCY_MS = 'assumeNotNull(latency_ms)';
const LATENCY_BIN = `if(${LATENCY_MS} <= 1, 0, least(${LATENCY_BIN_MAX}, ceil(log(${LATENCY_MS}) / log(${LATENCY_BIN_GROWTH}))))`;

/**
 * One list of sums for each that is asked for, in their order.
 * @throws when ClickHouse does not answer in time.
 */
export async function sumSliding(
  client: ClickHouseClient,
  asked: readonly SlidingSumAsked[],
): Promise<SlidingSum[][]> {
  const sums = asked.map((): SlidingSum[] => []);
  const places = asked.entries();
  const askInTurn = async () => {
    for (const [place, one] of places) sums[place] = await sumOne(client, one);
  };
  await Promise.all(Array.from({ length: QUERIES_AT_ONCE }, askInTurn));
  return sums;
}

async function sumOne(client: ClickHouseClient, asked: SlidingSumAsked): Promise<SlidingSum[]> {
  const { project, on, scope, per, partition, cluster, from, below, bucketMs } = asked;
  const parameters: Record<string, unknown> = {
    project,
    partition,
    cluster,
    below: String(below),
    bucket: bucketMs,
    first: asked.fromMs,
    end: asked.toMs,
    ...(from === null ? {} : { from: String(from) }),
  };
  const scopes = Object.entries(scope).map(([dimension, value], at) => {
    const names = { parameter: `scope_name_${at}`, values: `scope_values_${at}` };
    parameters[names.values] = [value];
    return isAmong(dimension as WatchDimension, names, parameters);
  });
  const keys = per.map((dimension, at) => {
    const value = `${valueOf(dimension, `per_name_${at}`, parameters)} AS key_${at}`;
    return { value, exists: hasValue(dimension, `per_name_${at}`) };
  });
  const isLatency = on.startsWith('latency_');
  const columns = [
    `toInt64(intDiv(${COUNTED_MS}, {bucket:Int64}) * {bucket:Int64}) AS bucket_start`,
    ...keys.map(({ value }) => value),
    `toString(sum(${summedBy(on, parameters)}))`,
    'toString(count())',
    isLatency ? `sumMap([toUInt16(${LATENCY_BIN})], [toUInt64(1)])` : `tuple([], [])`,
    `toString(max(${EVENT_MS}))`,
  ];
  const isHere =
    from === null
      ? '(origin_cluster != {cluster:String} OR origin_offset < {below:UInt64})'
      : 'origin_cluster = {cluster:String} AND origin_offset >= {from:UInt64} AND origin_offset < {below:UInt64}';
  const conditions = [
    'project = {project:String}',
    'origin_partition = {partition:UInt16}',
    isHere,
    // What was received in the span may claim a later time, never an earlier one: this leaves out whole parts.
    `event_time >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')`,
    `${COUNTED_MS} >= {first:Int64}`,
    `${COUNTED_MS} < {end:Int64}`,
    ...(isLatency ? ['isNotNull(latency_ms)'] : []),
    ...scopes,
    ...keys.map(({ exists }) => exists),
  ];
  const answer = await client.query({
    query: `SELECT ${columns.join(', ')} FROM usage_raw WHERE ${conditions.join(' AND ')}
      GROUP BY ${['bucket_start', ...keys.map((_, at) => `key_${at}`)].join(', ')}`,
    query_params: parameters,
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
  });
  const rows = await answer.json<SumRow>();
  return rows.map((row) => sumOfRow(row, asked));
}

/** Bucket, keys, then sum, events, bins with their counts, last event time. */
type SumRow = (string | number | [number[], (string | number)[]])[];

function sumOfRow(row: SumRow, { on, per }: SlidingSumAsked): SlidingSum {
  const [sum, events, histogram, last] = row.slice(-4);
  const [bins, counts] = histogram as [number[], (string | number)[]];
  const key: CounterKey = {};
  per.forEach((dimension, at) => (key[dimension] = String(row[1 + at])));
  return {
    bucketStartMs: Number(row[0]),
    key: canonicalJson(key),
    amount: on === 'cost' ? picoFromDecimal(String(sum))! : BigInt(String(sum)),
    events: Number(events),
    bins: new Map(bins.map((bin, at) => [bin, Number(counts[at])])),
    lastEventTime: new Date(Number(last)).toISOString(),
  };
}

function summedBy(on: SlidingSumAsked['on'], parameters: Record<string, unknown>): string {
  if (on === 'errors') return `toInt128(ifNull(status, '') = 'error')`;
  if (on === 'latency_p50' || on === 'latency_p95' || on === 'latency_p99') return 'toInt128(0)';
  return amountOf(on, parameters);
}
