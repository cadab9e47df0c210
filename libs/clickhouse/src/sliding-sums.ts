import type { Scope, WatchDimension } from '#contracts';
import {
  type BudgetMeasure,
  counterKeyOf,
  keySql,
  METERS,
  type RateMeasure,
  scopeEntries,
  scopeSql,
  unitsFromDecimal,
} from '#meters';
import type { ClickHouseClient } from './client.js';
import { type EventSlice, SLICE_SETTINGS, sliceSql } from './event-slice.js';
import { originSql } from './origin-range.js';

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
  /** Clusters that came later and count by themselves: see `originSql`. */
  except?: readonly string[];
  /** Events of this time alone: the sums of all slices together are those of the whole. */
  slice: EventSlice;
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

const EVENT_MS = 'toUnixTimestamp64Milli(event_time)';
/** What claims to come from the future counts at its receipt. */
const COUNTED_MS = `least(${EVENT_MS}, toUnixTimestamp64Milli(received_at))`;

/**
 * Sums as they are read, some at a time and in an order that is the same whenever the same is asked for.
 * @throws when ClickHouse does not answer in time.
 */
export async function* streamSliding(
  client: ClickHouseClient,
  asked: SlidingSumAsked,
): AsyncGenerator<SlidingSum[], void, void> {
  const { project, on, scope, per, bucketMs } = asked;
  const parameters: Record<string, unknown> = {
    project,
    bucket: bucketMs,
    first: asked.fromMs,
    end: asked.toMs,
  };
  const scopes = scopeSql(
    scopeEntries(scope).map(([dimension, value]) => [dimension, [value]]),
    parameters,
  );
  const keys = keySql(per, parameters);
  const meter = METERS[on];
  const { amount, bin } = meter.sampleSql(parameters);
  const columns = [
    `toInt64(intDiv(${COUNTED_MS}, {bucket:Int64}) * {bucket:Int64}) AS bucket_start`,
    ...keys.map(({ column }) => column),
    `toString(sum(${amount}))`,
    'toString(count())',
    bin === null ? `tuple([], [])` : `sumMap([toUInt16(${bin})], [toUInt64(1)])`,
    `toString(max(${EVENT_MS}))`,
  ];
  const conditions = [
    'project = {project:String}',
    originSql(asked, [asked], parameters),
    ...sliceSql(asked.slice, parameters),
    // What was received in the span may claim a later time, never an earlier one: this leaves out whole parts.
    `event_time >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')`,
    `${COUNTED_MS} >= {first:Int64}`,
    `${COUNTED_MS} < {end:Int64}`,
    ...meter.filter.sql,
    ...scopes.map(({ isAsked }) => isAsked),
    ...keys.map(({ exists }) => exists),
  ];
  const groups = ['bucket_start', ...keys.map(({ name }) => name)].join(', ');
  const answer = await client.query({
    query: `SELECT ${columns.join(', ')} FROM usage_raw WHERE ${conditions.join(' AND ')}
      GROUP BY ${groups} ORDER BY ${groups}`,
    query_params: parameters,
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
    clickhouse_settings: SLICE_SETTINGS,
  });
  for await (const rows of answer.stream<SumRow>())
    yield rows.map((row) => sumOfRow(row.json(), asked));
}

/** Bucket, keys, then sum, events, bins with their counts, last event time. */
type SumRow = (string | number | [number[], (string | number)[]])[];

function sumOfRow(row: SumRow, { on, per }: SlidingSumAsked): SlidingSum {
  const [sum, events, histogram, last] = row.slice(-4);
  const [bins, counts] = histogram as [number[], (string | number)[]];
  return {
    bucketStartMs: Number(row[0]),
    key: counterKeyOf(per, row.slice(1)),
    amount: unitsFromDecimal(String(sum), METERS[on].unit),
    events: Number(events),
    bins: new Map(bins.map((bin, at) => [bin, Number(counts[at])])),
    lastEventTime: new Date(Number(last)).toISOString(),
  };
}
