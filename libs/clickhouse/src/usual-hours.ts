import { canonicalJson, type CounterKey, type Rate, type WatchDimension } from '#contracts';
import { picoFromDecimal } from '#money';
import type { ClickHouseClient } from './client.js';
import { amountOf, hasValue, isAmong, valueOf } from './watch-dimensions.js';

/** What a counter of a rate had in one hour of an earlier day. */
export interface UsualHour {
  /** Canonical JSON of the counter key. */
  key: string;
  /** Pico-dollars of cost, else whole counts; of an error share, the errors. */
  amount: bigint;
  events: number;
  /** The percentile that the rate asks for, in milliseconds; 0 when it asks for none. */
  latencyMs: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAYS = 7;
const PERCENTILES: Partial<Record<Rate['on'], number>> = {
  latency_p50: 0.5,
  latency_p95: 0.95,
  latency_p99: 0.99,
};

/**
 * The same hour of the seven days before, by counter; days without an event have none.
 * @throws when ClickHouse does not answer in time.
 */
export async function readUsualHours(
  client: ClickHouseClient,
  { project, on, scope, per }: Rate,
  hourMs: number,
): Promise<UsualHour[]> {
  const parameters: Record<string, unknown> = {
    project,
    hours: Array.from({ length: DAYS }, (_, back) => hourMs - (back + 1) * DAY_MS),
    first: hourMs - DAYS * DAY_MS,
    end: hourMs - DAY_MS + HOUR_MS,
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
  const percentile = PERCENTILES[on];
  const conditions = [
    'project = {project:String}',
    `event_time >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')`,
    `event_time < fromUnixTimestamp64Milli({end:Int64}, 'UTC')`,
    'has({hours:Array(Int64)}, hour)',
    ...(percentile === undefined ? [] : ['isNotNull(latency_ms)']),
    ...scopes,
    ...keys.map(({ exists }) => exists),
  ];
  const answer = await client.query({
    query: `
      SELECT ${[
        `toInt64(toUnixTimestamp(toStartOfHour(event_time))) * 1000 AS hour`,
        ...keys.map(({ value }) => value),
        `toString(sum(${summed(on, parameters)}))`,
        'toString(count())',
        percentile === undefined ? '0' : `quantileExact(${percentile})(assumeNotNull(latency_ms))`,
      ].join(', ')}
      FROM usage_raw WHERE ${conditions.join(' AND ')}
      GROUP BY ${['hour', ...keys.map((_, at) => `key_${at}`)].join(', ')}`,
    query_params: parameters,
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
  });
  const rows = await answer.json<(string | number)[]>();
  return rows.map((row) => {
    const [sum, events, latency] = row.slice(-3);
    const key: CounterKey = {};
    per.forEach((dimension, at) => (key[dimension] = String(row[1 + at])));
    return {
      key: canonicalJson(key),
      amount: on === 'cost' ? picoFromDecimal(String(sum))! : BigInt(String(sum)),
      events: Number(events),
      latencyMs: Number(latency),
    };
  });
}

function summed(on: Rate['on'], parameters: Record<string, unknown>): string {
  if (on === 'errors') return `toInt128(ifNull(status, '') = 'error')`;
  if (on === 'latency_p50' || on === 'latency_p95' || on === 'latency_p99') return 'toInt128(0)';
  return amountOf(on, parameters);
}
