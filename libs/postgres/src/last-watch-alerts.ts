import { sql } from 'kysely';
import type { Postgres } from './database.js';

/** The last alert that was recorded of a counter of a watch. */
export interface LastWatchAlert {
  watch: string;
  /** Canonical JSON of the counter key. */
  counter: string;
  type: string;
  threshold: string;
  arming: number;
  /** RFC 3339. */
  raisedAt: string;
  /** Decimal strings, as the alert says them. */
  limit: string;
  value: string;
}

/** Of each counter the alert with the highest arming number, in it the last one recorded; forecasts and reminders left out. */
export async function lastWatchAlerts(
  postgres: Postgres,
  project: string,
  watches: string[],
): Promise<LastWatchAlert[]> {
  const { rows } = await sql<Omit<LastWatchAlert, 'raisedAt'> & { raised_at: Date }>`
    SELECT DISTINCT ON (watch, counter) watch, counter, type, threshold, arming, raised_at,
      data ->> 'limit' AS "limit", data ->> 'value' AS value
    FROM alerts
    WHERE project = ${project} AND watch = ANY(${watches})
      AND type IN ('budget.threshold_reached', 'budget.breached', 'budget.recovered', 'rate.exceeded', 'rate.recovered')
      AND threshold NOT LIKE '%#%'
    ORDER BY watch, counter, arming DESC, sequence DESC`.execute(postgres);
  return rows.map(({ raised_at, ...row }) => ({ ...row, raisedAt: raised_at.toISOString() }));
}
