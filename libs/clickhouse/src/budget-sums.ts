import { type Budget, canonicalJson, type CounterKey, type WatchDimension } from '#contracts';
import { picoFromDecimal } from '#money';
import type { ClickHouseClient } from './client.js';

/** Stored usage of one partition in a budget's scope, for the windows that are asked for. */
export interface BudgetSumsQuery {
  budget: Budget;
  partition: number;
  /** Positions of `cluster`, from inclusive, below exclusive. Without `from`, all of other clusters count as well. */
  cluster: string;
  from: bigint | null;
  below: bigint;
  /** In milliseconds since the epoch, in order, without gaps. The last may have no end. */
  windows: { startMs: number; endMs: number }[];
}

export interface BudgetSum {
  windowStartMs: number;
  /** Canonical JSON of the counter key. */
  key: string;
  /** Pico-dollars of cost, else whole counts. */
  amount: bigint;
  /** RFC 3339 with milliseconds, UTC. */
  lastEventTime: string;
}

const COLUMNS: Partial<Record<WatchDimension, string>> = {
  customer: 'customer',
  user: 'user',
  key: 'api_key',
  application: 'application',
  provider: 'provider',
  model: 'model',
  type: 'type',
};
const EVENT_MS = 'toUnixTimestamp64Milli(event_time)';

/**
 * Sums of `usage_raw` by window and counter key.
 * @throws when ClickHouse does not answer in time.
 */
export async function sumBudget(
  client: ClickHouseClient,
  { budget, partition, cluster, from, below, windows }: BudgetSumsQuery,
): Promise<BudgetSum[]> {
  const last = windows.at(-1);
  if (!last) return [];
  const parameters: Record<string, unknown> = {
    project: budget.project,
    partition,
    cluster,
    from: String(from ?? 0n),
    below: String(below),
    starts: windows.map(({ startMs }) => startMs),
    first: windows[0]!.startMs,
    ...(Number.isFinite(last.endMs) ? { end: last.endMs } : {}),
  };
  const scope = Object.entries(budget.scope).map(([dimension, value], place) => {
    parameters[`scope_${place}`] = value;
    const values = valuesOf(dimension as WatchDimension, `scope_name_${place}`, parameters);
    return `has(${values}, {scope_${place}:String})`;
  });
  const keys = budget.per.map(
    (dimension, place) =>
      `arrayJoin(${valuesOf(dimension, `per_name_${place}`, parameters)}) AS key_${place}`,
  );
  const groups = ['window_start', ...keys.map((_, place) => `key_${place}`)];
  const answer = await client.query({
    query: `
      SELECT roundDown(${EVENT_MS}, {starts:Array(Int64)}) AS window_start,
        ${[...keys, `toString(sum(${amountOf(budget, parameters)}))`, `toString(max(${EVENT_MS}))`].join(', ')}
      FROM usage_raw
      WHERE ${[
        'project = {project:String}',
        'origin_partition = {partition:UInt16}',
        `event_time >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')`,
        ...(Number.isFinite(last.endMs)
          ? [`event_time < fromUnixTimestamp64Milli({end:Int64}, 'UTC')`]
          : []),
        from === null
          ? '(origin_cluster != {cluster:String} OR origin_offset < {below:UInt64})'
          : 'origin_cluster = {cluster:String} AND origin_offset >= {from:UInt64} AND origin_offset < {below:UInt64}',
        ...scope,
      ].join(' AND ')}
      GROUP BY ${groups.join(', ')}`,
    query_params: parameters,
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
  });
  const rows = await answer.json<(string | number)[]>();
  return rows.map((row) => {
    const key: CounterKey = {};
    budget.per.forEach((dimension, place) => (key[dimension] = String(row[1 + place])));
    const sum = String(row.at(-2));
    return {
      windowStartMs: Number(row[0]),
      key: canonicalJson(key),
      amount: budget.on === 'cost' ? picoFromDecimal(sum)! : BigInt(sum),
      lastEventTime: new Date(Number(row.at(-1))).toISOString(),
    };
  });
}

/** The values of a dimension as an array: none when the event lacks it. */
function valuesOf(
  dimension: WatchDimension,
  parameter: string,
  parameters: Record<string, unknown>,
): string {
  if (dimension === 'tag') return 'arrayDistinct(arrayMap(tag -> toString(tag), tags))';
  if (dimension.startsWith('property.')) {
    parameters[parameter] = dimension.slice('property.'.length);
    const value = `properties[{${parameter}:String}]`;
    // Properties are kept as JSON: a text stands in quotes, a number or boolean does not.
    return `if(mapContains(properties, {${parameter}:String}), [if(startsWith(${value}, '"'), JSONExtractString(${value}), toString(${value}))], [])`;
  }
  const column = `\`${COLUMNS[dimension]}\``;
  return `if(isNull(${column}), [], [toString(assumeNotNull(${column}))])`;
}

function amountOf({ on }: Budget, parameters: Record<string, unknown>): string {
  if (on === 'cost') return 'cost';
  if (on === 'events') return 'toInt128(1)';
  if (on === 'requests') return 'toInt128(requests)';
  if (on === 'tokens') return 'toInt128(input_tokens) + toInt128(output_tokens)';
  parameters['field'] = on;
  return 'toInt128(usage[{field:String}])';
}
