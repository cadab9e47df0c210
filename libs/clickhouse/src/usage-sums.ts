import { counterKeyOf, keySql, METERS, scopeSql, unitsFromDecimal } from '#meters';
import { TupleParam } from '@clickhouse/client';
import type { ClickHouseClient } from './client.js';
import { SLICE_SETTINGS, sliceSql } from './event-slice.js';
import { originSql } from './origin-range.js';
import { type AskedTogether, askedTogether, type UsageSumAsked } from './usage-sums-asked.js';

export interface UsageSum {
  windowStartMs: number;
  /** Canonical JSON of the counter key. */
  key: string;
  /** Pico-dollars of cost, else whole counts. */
  amount: bigint;
  /** RFC 3339 with milliseconds, UTC. */
  lastEventTime: string;
  /** The same. */
  lastReceivedAt: string;
}

const QUERIES_AT_ONCE = 4;
const EVENT_MS = 'toUnixTimestamp64Milli(event_time)';
const RECEIVED_MS = 'toUnixTimestamp64Milli(received_at)';

/** A sum, and the places in the request that it answers. */
export interface PlacedSum {
  sum: UsageSum;
  places: readonly number[];
}

/**
 * Sums of `usage_raw` by window and counter key, one list for each that is asked for, in their order. Thousands of one
 * shape cost one query.
 * @throws when ClickHouse does not answer in time.
 */
export async function sumUsage(
  client: ClickHouseClient,
  asked: readonly UsageSumAsked[],
): Promise<UsageSum[][]> {
  const sums = asked.map((): UsageSum[] => []);
  const queries = askedTogether(asked).values();
  const askInTurn = async () => {
    for (const together of queries) {
      for await (const placed of sumTogether(client, together)) {
        for (const { sum, places } of placed) for (const place of places) sums[place]!.push(sum);
      }
    }
  };
  await Promise.all(Array.from({ length: QUERIES_AT_ONCE }, askInTurn));
  return sums;
}

/**
 * The same as they are read, some at a time and one question after another: however many there are, few are held. The sums of
 * one place come in an order that is the same whenever the same is asked for, whatever else is asked for with it.
 * @throws when ClickHouse does not answer in time.
 */
export async function* streamUsage(
  client: ClickHouseClient,
  asked: readonly UsageSumAsked[],
): AsyncGenerator<PlacedSum[], void, void> {
  for (const together of askedTogether(asked)) yield* sumTogether(client, together);
}

async function* sumTogether(
  client: ClickHouseClient,
  { like, dimensions, ranges, places }: AskedTogether,
): AsyncGenerator<PlacedSum[], void, void> {
  const { project, on, per, windows, everyMs, byReceipt, slice } = like;
  const meter = METERS[on];
  const countedMs = byReceipt ? `least(${EVENT_MS}, ${RECEIVED_MS})` : EVENT_MS;
  const windowStart = everyMs
    ? `toInt64(intDiv(${countedMs}, {every:Int64}) * {every:Int64})`
    : `roundDown(${countedMs}, {starts:Array(Int64)})`;
  const endMs = windows.at(-1)!.endMs;
  const tuples = new Map(
    [...places.values()].map(({ values }) => [JSON.stringify(values), values]),
  );
  const parameters: Record<string, unknown> = {
    project,
    ...(everyMs ? { every: everyMs } : { starts: windows.map(({ startMs }) => startMs) }),
    first: windows[0]!.startMs,
    ...(Number.isFinite(endMs) ? { end: endMs } : {}),
  };
  const valuesAt = (at: number) => new Set([...tuples.values()].map((values) => values[at]!));
  const scopes = scopeSql(
    dimensions.map((dimension, at) => [dimension, [...valuesAt(at)]]),
    parameters,
  );
  const keys = keySql(per, parameters);
  const scopeNames = scopes.map(({ name }) => name);
  if (scopes.length > 1)
    parameters['tuples'] = [...tuples.values()].map((values) => new TupleParam(values));
  const tupleType = `Array(Tuple(${scopes.map(() => 'String').join(', ')}))`;
  const groups = ['window_start', ...scopeNames, ...keys.map(({ name }) => name)].join(', ');
  const answer = await client.query({
    query: `
      SELECT ${[
        `${windowStart} AS window_start`,
        'origin_partition',
        ...scopes.map(({ column }) => column),
        ...keys.map(({ column }) => column),
        `toString(sum(${meter.sampleSql(parameters).amount}))`,
        `toString(max(${EVENT_MS}))`,
        `toString(max(${RECEIVED_MS}))`,
      ].join(', ')}
      FROM usage_raw
      WHERE ${[
        'project = {project:String}',
        // Nothing counts later than it claims, so this leaves out whole parts.
        `event_time >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')`,
        ...(byReceipt ? [`${countedMs} >= {first:Int64}`] : []),
        ...(Number.isFinite(endMs) ? [isBefore(byReceipt ? countedMs : null)] : []),
        ...(slice ? sliceSql(slice, parameters) : []),
        originSql(like, [...ranges.values()], parameters),
        ...meter.filter.sql,
        ...scopes.map(({ isAsked }) => isAsked),
        ...keys.map(({ exists }) => exists),
      ].join(' AND ')}
      GROUP BY origin_partition, ${groups}
      ${scopes.length > 1 ? `HAVING (${scopeNames.join(', ')}) IN {tuples:${tupleType}}` : ''}
      ${slice ? `ORDER BY origin_partition, ${groups}` : ''}`,
    query_params: parameters,
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
    ...(slice ? { clickhouse_settings: SLICE_SETTINGS } : {}),
  });
  for await (const rows of answer.stream<(string | number)[]>()) {
    yield rows.map((line) => {
      const row = line.json();
      const sum = {
        windowStartMs: Number(row[0]),
        key: counterKeyOf(per, row.slice(2 + dimensions.length)),
        amount: unitsFromDecimal(String(row.at(-3)), meter.unit),
        lastEventTime: new Date(Number(row.at(-2))).toISOString(),
        lastReceivedAt: new Date(Number(row.at(-1))).toISOString(),
      };
      // A partition may answer for values that only another one was asked for.
      const group = JSON.stringify(row.slice(1, 2 + dimensions.length));
      return { sum, places: places.get(group)?.places ?? [] };
    });
  }
}

/** In the table's own column unless a time is worked out, so that whole parts are left out. */
function isBefore(workedOut: string | null): string {
  if (workedOut !== null) return `${workedOut} < {end:Int64}`;
  return `event_time < fromUnixTimestamp64Milli({end:Int64}, 'UTC')`;
}
