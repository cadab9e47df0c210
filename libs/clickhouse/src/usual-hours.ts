import type { Scope, WatchDimension } from '#contracts';
import {
  counterKeyOf,
  type HourSum,
  keySql,
  METERS,
  type RateMeasure,
  scopeEntries,
  scopeSql,
  unitsFromDecimal,
} from '#meters';
import type { ClickHouseClient } from './client.js';

export interface UsualHoursAsked {
  project: string;
  on: RateMeasure;
  scope: Scope;
  per: readonly WatchDimension[];
}

/** What a counter of a rate had in one hour of an earlier day. */
export interface UsualHour extends HourSum {
  /** Canonical JSON of the counter key. */
  key: string;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAYS = 7;

/**
 * The same hour of the seven days before, by counter; days without an event have none.
 * @throws when ClickHouse does not answer in time.
 */
export async function readUsualHours(
  client: ClickHouseClient,
  { project, on, scope, per }: UsualHoursAsked,
  hourMs: number,
): Promise<UsualHour[]> {
  const parameters: Record<string, unknown> = {
    project,
    hours: Array.from({ length: DAYS }, (_, back) => hourMs - (back + 1) * DAY_MS),
    first: hourMs - DAYS * DAY_MS,
    end: hourMs - DAY_MS + HOUR_MS,
  };
  const scopes = scopeSql(
    scopeEntries(scope).map(([dimension, value]) => [dimension, [value]]),
    parameters,
  );
  const keys = keySql(per, parameters);
  const meter = METERS[on];
  const conditions = [
    'project = {project:String}',
    `event_time >= fromUnixTimestamp64Milli({first:Int64}, 'UTC')`,
    `event_time < fromUnixTimestamp64Milli({end:Int64}, 'UTC')`,
    'has({hours:Array(Int64)}, hour)',
    ...meter.filter.sql,
    ...scopes.map(({ isAsked }) => isAsked),
    ...keys.map(({ exists }) => exists),
  ];
  const answer = await client.query({
    query: `
      SELECT ${[
        `toInt64(toUnixTimestamp(toStartOfHour(event_time))) * 1000 AS hour`,
        ...keys.map(({ column }) => column),
        `toString(sum(${meter.sampleSql(parameters).amount}))`,
        'toString(count())',
        meter.exactSql(parameters) ?? '0',
      ].join(', ')}
      FROM usage_raw WHERE ${conditions.join(' AND ')}
      GROUP BY ${['hour', ...keys.map(({ name }) => name)].join(', ')}`,
    query_params: parameters,
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
  });
  const rows = await answer.json<(string | number)[]>();
  return rows.map((row) => {
    const [sum, events, latency] = row.slice(-3);
    return {
      key: counterKeyOf(per, row.slice(1)),
      amount: unitsFromDecimal(String(sum), meter.unit),
      events: Number(events),
      latencyMs: Number(latency),
    };
  });
}
