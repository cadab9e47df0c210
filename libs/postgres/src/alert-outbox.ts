import { randomUUID } from 'node:crypto';
import { sql, type RawBuilder } from 'kysely';
import type { AlertRaised } from '#contracts';
import { inTransaction, type Postgres } from './database.js';
import { type DueDelivery, dueDelivery, type DueRow } from './due-delivery.js';

export type NewAlert = Omit<AlertRaised, 'v'>;

/** Alerts and what they owe to endpoints: both come into being in one statement. */
export class AlertOutbox {
  constructor(private readonly postgres: Postgres) {}

  /**
   * Writes the alerts that are not here yet, with one delivery for each living endpoint whose filters match, due at
   * `now` and leased to the caller for `leaseMs`. An alert that is here already changes nothing and answers nothing;
   * one whose watch or counter is muted at `now` is written and owed to nobody.
   */
  async record(
    alerts: readonly NewAlert[],
    { now, leaseMs }: { now: Date; leaseMs: number },
  ): Promise<{ alerts: number; deliveries: DueDelivery[] }> {
    const { rows } = await sql<(DueRow | { id: null }) & { recorded_alerts: number }>`
      WITH given AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(alerts)}::jsonb)
          AS given (id text, project text, type text, raised_at timestamptz, data jsonb, raised_by jsonb)
      ), recorded AS (
        INSERT INTO alerts (id, project, type, data, raised_at, watch, counter, window_start, window_end, threshold, arming, muted)
        SELECT id, given.project, type, data, raised_at, source.watch, source.counter, source.window_start,
               source.window_end, threshold, arming, EXISTS (
                 SELECT FROM alert_mutes AS mute
                 WHERE mute.project = given.project AND mute.watch = source.watch
                   AND md5(mute.counter) IN (md5(''), md5(source.counter))
                   AND mute.counter IN ('', source.counter) AND mute.until > ${now}::timestamptz)
        FROM given LEFT JOIN LATERAL jsonb_to_record(raised_by) AS source (
          watch text, counter text, window_start timestamptz, window_end timestamptz, threshold text, arming int) ON true
        ON CONFLICT DO NOTHING
        RETURNING id, project, type, data, raised_at, muted, sequence
      ), owed AS (
        INSERT INTO deliveries (id, project, alert, endpoint, next_at, leased_until)
        SELECT 'dlv_' || replace(gen_random_uuid()::text, '-', ''), recorded.project, recorded.id,
               webhook_endpoints.id, ${now}::timestamptz, clock_timestamp() + make_interval(secs => ${leaseMs / 1_000})
        FROM recorded JOIN webhook_endpoints ON webhook_endpoints.project = recorded.project
        WHERE NOT recorded.muted AND webhook_endpoints.deleted_at IS NULL AND webhook_endpoints.disabled_at IS NULL
          AND webhook_endpoints.confirmed_at IS NOT NULL AND ${matches(sql.ref('recorded.type'))}
        RETURNING id, project, alert, endpoint, attempts, attempts_before
      )
      SELECT recorded_alerts, owed.id, owed.project, owed.attempts, owed.attempts_before, recorded.id AS alert,
             recorded.type, recorded.sequence, recorded.data, recorded.raised_at, webhook_endpoints.id AS endpoint, channel, url, secrets
      FROM (SELECT count(*)::int AS recorded_alerts FROM recorded) AS counted
      LEFT JOIN (owed
        JOIN recorded ON recorded.id = owed.alert
        JOIN webhook_endpoints ON webhook_endpoints.id = owed.endpoint) ON true
    `.execute(this.postgres);
    return {
      alerts: rows[0]?.recorded_alerts ?? 0,
      deliveries: rows.flatMap((row) => (row.id === null ? [] : [dueDelivery(row)])),
    };
  }

  /** One alert to one endpoint, whatever its filters, due at once: to try the endpoint. Answers the delivery's id. */
  async recordTest(alert: NewAlert, endpoint: string, now: Date): Promise<string> {
    const id = `dlv_${randomUUID().replaceAll('-', '')}`;
    const { project, type, raised_at, data } = alert;
    await inTransaction(this.postgres, async (transaction) => {
      await transaction
        .insertInto('alerts')
        .values({
          id: alert.id,
          project,
          type,
          data: JSON.stringify(data),
          raised_at: new Date(raised_at),
          test: true,
        })
        .execute();
      await transaction
        .insertInto('deliveries')
        .values({ id, project, alert: alert.id, endpoint, next_at: now })
        .execute();
    });
    return id;
  }

  /**
   * Sends the alerts that were raised from `from` up to `to`, without `to`, and pass the endpoint's filters, to it again;
   * those that wait for their next attempt stay as they are, and what was muted stays unsent. Answers how many deliveries begin anew.
   */
  async replay(
    { project, endpoint }: { project: string; endpoint: string },
    { from, to }: { from: Date; to: Date },
    now: Date,
  ): Promise<number> {
    const { numAffectedRows } = await sql`
      INSERT INTO deliveries (id, project, alert, endpoint, next_at)
      SELECT 'dlv_' || replace(gen_random_uuid()::text, '-', ''), alerts.project, alerts.id, webhook_endpoints.id, ${now}::timestamptz
      FROM alerts JOIN webhook_endpoints ON webhook_endpoints.id = ${endpoint}
      WHERE alerts.project = ${project} AND webhook_endpoints.project = ${project}
        AND webhook_endpoints.confirmed_at IS NOT NULL AND NOT alerts.test AND NOT alerts.muted
        AND alerts.raised_at >= ${from} AND alerts.raised_at < ${to}
        AND ${matches(sql.ref('alerts.type'))}
      ON CONFLICT (alert, endpoint) DO UPDATE
        SET state = 'pending', next_at = excluded.next_at, attempts_before = deliveries.attempts
        WHERE deliveries.state <> 'pending'
    `.execute(this.postgres);
    return Number(numAffectedRows ?? 0n);
  }
}

/** As `matchesEventType` of the contracts has it: an exact type, `family.*`, or `*`. */
function matches(type: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`webhook_endpoints.events && ARRAY['*', ${type}, split_part(${type}, '.', 1) || '.*']`;
}
