import type { AnomalyDimension, AnomalyMeasure } from '#contracts';
import { METERS, US_DOLLARS } from '#meters';
import { picoFromDecimal } from '#money';
import type { ClickHouseClient } from './client.js';

/** What one customer or model used on one day. */
export interface DailyUsage extends Record<AnomalyMeasure, bigint> {
  /** Days since the epoch, UTC. */
  day: number;
}

/** The days with usage of one customer or model, in order. Cost is in pico-dollars. */
export interface SubjectUsage {
  subject: string;
  days: DailyUsage[];
}

export interface DailyUsageQuery {
  project: string;
  dimension: AnomalyDimension;
  /** Days since the epoch, both inclusive. */
  fromDay: number;
  toDay: number;
  /** Subjects that reach none of these on any day are left out. Decimal strings: US dollars for cost, else counts. */
  least: Partial<Record<AnomalyMeasure, string>>;
  /** Those with the most requests, when there are more. */
  subjectsMax: number;
}

type Row = [subject: string, days: [number, string, string, string][]];

/**
 * Sums a day of each customer or model of a project, from `usage_per_day`; some subjects at a time as they arrive.
 * @throws when ClickHouse does not answer in time.
 */
export async function* readDailyUsage(
  client: ClickHouseClient,
  { project, dimension, fromDay, toDay, least, subjectsMax }: DailyUsageQuery,
): AsyncGenerator<SubjectUsage[]> {
  const measures = Object.keys(least) as AnomalyMeasure[];
  const answer = await client.query({
    query: `
      SELECT subject, arraySort(groupArray((day_number, toString(cost), toString(tokens), toString(requests))))
      FROM (
        SELECT assumeNotNull(${dimension}) AS subject, toInt32(day) AS day_number, sum(usage_per_day.cost) AS cost,
          sum(toInt128(input_tokens) + toInt128(output_tokens)) AS tokens, sum(toInt128(usage_per_day.requests)) AS requests
        FROM usage_per_day
        WHERE project = {project:String} AND ${dimension} IS NOT NULL
          AND day >= toDate({fromDay:Int32}) AND day <= toDate({toDay:Int32})
        GROUP BY subject, day_number
      )
      GROUP BY subject
      HAVING ${measures.map(reachesLeast).join(' OR ')}
      ORDER BY sum(requests) DESC, subject
      LIMIT {subjectsMax:UInt32}`,
    query_params: {
      project,
      fromDay,
      toDay,
      subjectsMax,
      ...Object.fromEntries(measures.map((measure) => [`least_${measure}`, least[measure]])),
    },
    format: 'JSONCompactEachRow',
  });
  for await (const rows of answer.stream<Row>()) yield rows.map((row) => subjectUsage(row.json()));
}

function reachesLeast(measure: AnomalyMeasure): string {
  const least = `{least_${measure}:String}`;
  const isMoney = METERS[measure].unit === US_DOLLARS;
  return `max(${measure}) >= ${isMoney ? `toDecimal128(${least}, 12)` : `toInt128(${least})`}`;
}

function subjectUsage([subject, days]: Row): SubjectUsage {
  return {
    subject,
    days: days.map(([day, cost, tokens, requests]) => ({
      day,
      cost: exactPico(cost),
      tokens: BigInt(tokens),
      requests: BigInt(requests),
    })),
  };
}

function exactPico(text: string): bigint {
  const pico = picoFromDecimal(text);
  if (pico === null) throw new Error(`not a cost in dollars: ${text}`);
  return pico;
}
