import { sql } from 'kysely';
import type { Postgres } from './database.js';
import { CONFIRMATION_TYPE } from './confirmation-type.js';
import type { DeliveryState } from './tables/deliveries.js';
import type { AttemptRecord, Room } from './deliveries.js';
import { type DueDelivery, dueDelivery, type DueRow } from './due-delivery.js';

/** Deleted or disabled, an endpoint gets nothing more. */
const IS_LIVING = sql<boolean>`(webhook_endpoints.deleted_at IS NULL AND webhook_endpoints.disabled_at IS NULL)`;

/** Moves deliveries on their way. A lease keeps two notifiers from one attempt at the same time; it ends by itself. */
export class DeliveryWrites {
  constructor(private readonly postgres: Postgres) {}

  /**
   * Leases due deliveries, the longest due first in each endpoint and projects in turns, as many as there is room for. One
   * endpoint's backlog costs the others nothing: the index is stepped through from endpoint to endpoint, and those in
   * trouble, however many they are, take no place of one that answers. To an address that is not confirmed goes its code alone. What waits for one that is deleted
   * or disabled is given up.
   */
  async claim(
    room: Room,
    { now, leaseMs }: { now: Date; leaseMs: number },
  ): Promise<DueDelivery[]> {
    const { rows } = await sql<DueRow>`
      WITH RECURSIVE waiting (endpoint) AS (
        (SELECT endpoint FROM deliveries WHERE state = 'pending' ORDER BY endpoint LIMIT 1)
        UNION ALL
        SELECT (SELECT endpoint FROM deliveries WHERE state = 'pending' AND endpoint > waiting.endpoint ORDER BY endpoint LIMIT 1)
        FROM waiting WHERE waiting.endpoint IS NOT NULL
      ), abandoned AS (
        UPDATE deliveries SET state = 'failed', next_at = NULL WHERE id IN (
          SELECT deliveries.id FROM waiting
          JOIN webhook_endpoints ON webhook_endpoints.id = waiting.endpoint AND NOT ${IS_LIVING}
          JOIN deliveries ON deliveries.endpoint = waiting.endpoint AND state = 'pending'
            AND (leased_until IS NULL OR leased_until < clock_timestamp())
          FOR UPDATE OF deliveries SKIP LOCKED)
      ), claimed AS (
        SELECT id FROM (
          SELECT id, is_troubled, row_number() OVER (PARTITION BY is_troubled ORDER BY turn, next_at) AS place
          FROM (
          SELECT due.id, due.next_at, is_troubled,
                 row_number() OVER (PARTITION BY is_troubled, webhook_endpoints.project ORDER BY due.next_at) AS turn
          FROM waiting
          JOIN webhook_endpoints ON webhook_endpoints.id = waiting.endpoint AND ${IS_LIVING}
          CROSS JOIN LATERAL (SELECT waiting.endpoint = ANY(${room.troubled.endpoints}::text[]) AS is_troubled) AS pool
          CROSS JOIN LATERAL (
            SELECT id, next_at FROM deliveries
            WHERE endpoint = waiting.endpoint AND state = 'pending' AND next_at <= ${now}
              AND (webhook_endpoints.confirmed_at IS NOT NULL
                OR (SELECT type FROM alerts WHERE alerts.id = deliveries.alert) = ${CONFIRMATION_TYPE})
              AND (leased_until IS NULL OR leased_until < clock_timestamp())
            ORDER BY next_at
            LIMIT coalesce((${JSON.stringify(room.named)}::jsonb ->> waiting.endpoint)::int, ${room.others}::int)
            FOR UPDATE SKIP LOCKED
          ) AS due
          ) AS due
        ) AS due
        WHERE place <= CASE WHEN is_troubled THEN ${room.troubled.total}::int ELSE ${room.healthy}::int END
      )
      UPDATE deliveries SET leased_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1_000}), resend_wanted = false
      FROM claimed, alerts, webhook_endpoints
      WHERE deliveries.id = claimed.id AND alerts.id = deliveries.alert AND webhook_endpoints.id = deliveries.endpoint
      RETURNING deliveries.id, deliveries.project, attempts, attempts_before, alert, alerts.type, alerts.sequence, alerts.data,
                alerts.raised_at, endpoint, channel, url, secrets
    `.execute(this.postgres);
    return rows.map(dueDelivery);
  }

  /** Gives leases back before their end: whoever looks next may take the deliveries. */
  async release(ids: readonly string[]): Promise<void> {
    await this.postgres
      .updateTable('deliveries')
      .set({ leased_until: null })
      .where('id', 'in', ids)
      .execute();
  }

  /**
   * Writes an attempt and its consequence. False when this attempt was written before: then the lease had ended and
   * another notifier made it as well, and its word stands. What would wait for an endpoint that died meanwhile has
   * failed. To be used in a transaction: after a failure it locks the endpoint, before the delivery, as those do who give up
   * all that waits for one.
   */
  async finish({ id, attempts, endpoint }: DueDelivery, outcome: AttemptRecord): Promise<boolean> {
    const { at, succeeded, status, answer, durationMs } = outcome;
    const living = succeeded || (await this.lockLiving(endpoint.id));
    const waits = living && outcome.state === 'pending';
    const failed = outcome.state === 'pending' && !waits;
    const { state, nextAt } = failed ? { state: 'failed' as const, nextAt: null } : outcome;
    const { numUpdatedRows } = await this.postgres
      .updateTable('deliveries')
      .set({
        attempts: attempts + 1,
        state: sql<DeliveryState>`CASE WHEN resend_wanted AND ${living} THEN 'pending' ELSE ${state} END`,
        next_at: sql<Date | null>`CASE WHEN resend_wanted AND ${living} THEN ${at}::timestamptz ELSE ${nextAt}::timestamptz END`,
        attempts_before: sql<number>`CASE WHEN resend_wanted THEN ${attempts + 1}::int ELSE attempts_before END`,
        resend_wanted: false,
        leased_until: null,
      })
      .where('id', '=', id)
      .where('attempts', '=', attempts)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    const columns = { at, succeeded, status, answer, duration_ms: durationMs };
    await this.postgres
      .insertInto('delivery_attempts')
      .values({ delivery: id, attempt: attempts + 1, endpoint: endpoint.id, ...columns })
      .execute();
    return true;
  }

  /**
   * Makes it due at `now`, with its schedule begun anew. An attempt that is under way was not asked for: behind it the
   * delivery is due again, whatever comes of it.
   */
  async resend(id: string, now: Date): Promise<void> {
    await this.postgres
      .updateTable('deliveries')
      .set({
        state: 'pending',
        next_at: now,
        attempts_before: sql<number>`attempts`,
        resend_wanted: sql<boolean>`coalesce(leased_until > clock_timestamp(), false)`,
      })
      .where('id', '=', id)
      .execute();
  }

  private async lockLiving(endpoint: string): Promise<boolean> {
    const row = await this.postgres
      .selectFrom('webhook_endpoints')
      .select(IS_LIVING.as('living'))
      .where('id', '=', endpoint)
      .forNoKeyUpdate()
      .executeTakeFirst();
    return row?.living === true;
  }
}

/** What waits for an endpoint that is gone for good or for now is given up. */
export async function abandonDeliveries(transaction: Postgres, endpoint: string): Promise<void> {
  await transaction
    .updateTable('deliveries')
    .set({ state: 'failed', next_at: null })
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'pending')
    .execute();
}
