import { sql } from 'kysely';
import type { Postgres } from './database.js';

/** What the outbox has of a counter of a watch that slides. */
export interface WatchAlert {
  project: string;
  watch: string;
  /** Canonical JSON of the counter key. */
  counter: string;
  type: string;
  threshold: string;
  arming: number;
  /** In the order of recording. */
  sequence: bigint;
  /** RFC 3339. */
  raisedAt: string;
  /** Decimal strings, as the alert says them. */
  limit: string;
  value: string;
}

type Row = Omit<WatchAlert, 'raisedAt'> & { raised_at: Date };

const COLUMNS = sql`project, watch, counter, type, threshold, arming, sequence, raised_at,
  data ->> 'limit' AS "limit", data ->> 'value' AS value`;
/** Forecasts and reminders change no state. */
const CHANGES_STATE = sql`watch IS NOT NULL AND window_start IS NULL AND threshold NOT LIKE '%#%' AND type IN
  ('budget.threshold_reached', 'budget.breached', 'budget.recovered', 'rate.exceeded', 'rate.recovered')`;

/** Of each counter the alert with the highest arming number, in it the last one recorded. */
export async function lastWatchAlerts(
  postgres: Postgres,
  project: string,
  watches: string[],
): Promise<WatchAlert[]> {
  const { rows } = await sql<Row>`
    SELECT DISTINCT ON (watch, counter) ${COLUMNS} FROM alerts
    WHERE project = ${project} AND watch = ANY(${watches}) AND ${CHANGES_STATE}
    ORDER BY watch, counter, arming DESC, sequence DESC`.execute(postgres);
  return rows.map(alertOf);
}

/** What was recorded behind `sequence`, in that order, at most `limit`. */
export async function watchAlertsAfter(
  postgres: Postgres,
  sequence: bigint,
  limit: number,
): Promise<WatchAlert[]> {
  const { rows } = await sql<Row>`
    SELECT ${COLUMNS} FROM alerts
    WHERE sequence > ${sequence} AND ${CHANGES_STATE} ORDER BY sequence LIMIT ${limit}`.execute(
    postgres,
  );
  return rows.map(alertOf);
}

/** The number of the last alert that was recorded; 0 before the first. */
export async function lastAlertSequence(postgres: Postgres): Promise<bigint> {
  const { rows } = await sql<{ sequence: bigint | null }>`
    SELECT sequence FROM alerts WHERE watch IS NOT NULL AND window_start IS NULL
    ORDER BY sequence DESC LIMIT 1`.execute(postgres);
  return rows[0]?.sequence ?? 0n;
}

function alertOf({ raised_at, ...row }: Row): WatchAlert {
  return { ...row, raisedAt: raised_at.toISOString() };
}
