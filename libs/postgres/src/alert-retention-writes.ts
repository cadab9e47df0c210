import { sql } from 'kysely';
import type { Postgres } from './database.js';

/** Where a look over old alerts has come to. */
export interface AlertPosition {
  created_at: Date;
  id: string;
}

export interface AlertSlice {
  /** How many were removed. */
  removed: number;
  /** The last one that was looked at; null at the end. */
  next: AlertPosition | null;
}

/** Whether a watch is still counted: of one that is deleted nothing is ever raised again. */
const LIVES = sql`EXISTS (SELECT FROM budgets WHERE id = alert.watch AND deleted_at IS NULL)
  OR EXISTS (SELECT FROM rates WHERE id = alert.watch AND deleted_at IS NULL)`;
/** Its counters number their breaches themselves, ever higher. */
const SLIDES = sql`EXISTS (SELECT FROM rates WHERE id = alert.watch)
  OR EXISTS (SELECT FROM budgets WHERE id = alert.watch AND budget_window ->> 'kind' = 'rolling')`;
const OF_SAME_COUNTER = sql`later.watch = alert.watch AND md5(later.counter) = md5(alert.counter)
  AND later.counter = alert.counter AND later.window_start IS NULL`;

/**
 * Takes away what has been kept long enough, in slices. The table of alerts is also the memory of what was raised, so an
 * alert stays for as long as the same could be raised again, a breach goes on, or a delivery of it waits.
 */
export class AlertRetentionWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Removes deliveries that ended before `before`, with their attempts. Answers how many. */
  async removeDeliveries({ before, limit }: { before: Date; limit: number }): Promise<number> {
    const { numAffectedRows } = await sql`
      WITH ended AS (
        SELECT id FROM deliveries
        WHERE created_at < ${before} AND state <> 'pending'
          AND NOT EXISTS (SELECT FROM delivery_attempts WHERE delivery = deliveries.id AND at >= ${before})
        ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ), attempts AS (
        DELETE FROM delivery_attempts WHERE delivery IN (SELECT id FROM ended)
      )
      DELETE FROM deliveries WHERE id IN (SELECT id FROM ended)`.execute(this.postgres);
    return Number(numAffectedRows ?? 0n);
  }

  /**
   * Looks at `limit` alerts behind `after` that were recorded before `before`, and removes those that nothing rests on, with
   * their deliveries. What stays: of a window that ended later than `before`; of a living lifetime budget, whose window never
   * ends; of a sliding counter whatever has the highest arming number; a reminder that is acknowledged or the last; and what has a
   * delivery waiting.
   */
  async removeAlerts({
    before,
    after,
    limit,
  }: {
    before: Date;
    after: AlertPosition | null;
    limit: number;
  }): Promise<AlertSlice> {
    const { rows } = await sql<{ removed: number; looked: number; last: AlertPosition }>`
      WITH looked AS (
        SELECT id, created_at FROM alerts
        WHERE created_at < ${before}
          AND (created_at, id) > (coalesce(${after?.created_at ?? null}::timestamptz, '-infinity'), ${after?.id ?? ''}::text)
        ORDER BY created_at, id LIMIT ${limit}
      ), ended AS (
        SELECT alert.id FROM alerts AS alert JOIN looked ON looked.id = alert.id
        WHERE NOT EXISTS (SELECT FROM deliveries WHERE deliveries.alert = alert.id AND state = 'pending')
          AND CASE
            WHEN watch IS NULL OR NOT (${LIVES}) THEN true
            WHEN window_end IS NOT NULL THEN window_end < ${before}
            WHEN coalesce((data ->> 'reminder')::boolean, false) THEN acknowledged_at IS NULL AND EXISTS (
              SELECT FROM alerts AS later WHERE ${OF_SAME_COUNTER} AND later.arming = alert.arming
                AND later.sequence > alert.sequence AND (later.data ->> 'reminder')::boolean)
            WHEN ${SLIDES} THEN EXISTS (
              SELECT FROM alerts AS later WHERE ${OF_SAME_COUNTER} AND later.arming > alert.arming)
            ELSE false
          END
      ), attempts AS (
        DELETE FROM delivery_attempts WHERE delivery IN (
          SELECT deliveries.id FROM deliveries JOIN ended ON deliveries.alert = ended.id)
      ), owed AS (
        DELETE FROM deliveries WHERE alert IN (SELECT id FROM ended)
      ), removed AS (
        DELETE FROM alerts WHERE id IN (SELECT id FROM ended) RETURNING id
      )
      SELECT (SELECT count(*)::int FROM removed) AS removed, (SELECT count(*)::int FROM looked) AS looked,
        (SELECT jsonb_build_object('created_at', created_at, 'id', id) FROM looked ORDER BY created_at DESC, id DESC LIMIT 1) AS last
    `.execute(this.postgres);
    const { removed, looked, last } = rows[0]!;
    if (looked < limit) return { removed, next: null };
    return { removed, next: { created_at: new Date(last.created_at), id: last.id } };
  }

  /** Removes the oldest `limit` alerts that were set aside before `before`: nothing rests on one. Answers how many. */
  async removeSetAside({ before, limit }: { before: Date; limit: number }): Promise<number> {
    const { numAffectedRows } = await sql`
      DELETE FROM alerts_set_aside WHERE id IN (
        SELECT id FROM alerts_set_aside WHERE created_at < ${before} ORDER BY created_at, id LIMIT ${limit}
      )`.execute(this.postgres);
    return Number(numAffectedRows ?? 0n);
  }
}
