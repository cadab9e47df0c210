import { Inject, Injectable } from '@nestjs/common';
import type { AlertRaised } from '#contracts';
import type { RecordBatch } from '#kafka';
import { LOGGER, type Logger } from '#platform';
import type {
  AlertPosition,
  AlertSlice,
  AttemptRecord,
  DueDelivery,
  Postgres,
  Room,
} from '#postgres';
import {
  AlertOutbox,
  AlertRetentionWrites,
  DeliveryWrites,
  EndpointHealth,
  WebhookEndpointWrites,
} from '#postgres/writes';
import { NotifierConfig } from './notifier.config.js';
import { NotifierMetrics } from './notifier.metrics.js';
import { POSTGRES } from './notifier.postgres.js';
import { EARLIER_FAILURE_MS, type DisableReason, judgeFailure } from './steps/judge-failure.js';
import { writeEndpointDisabled } from './steps/write-endpoint-disabled.js';

/** Behind the longest attempt a lease leaves this long to write its outcome. */
const LEASE_MARGIN_MS = 5_000;

/** The only place that writes. */
@Injectable()
export class NotifierSink {
  private readonly leaseMs: number;

  constructor(
    config: NotifierConfig,
    @Inject(POSTGRES) private readonly postgres: Postgres,
    private readonly metrics: NotifierMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.leaseMs = config.attemptTimeoutMs + LEASE_MARGIN_MS;
  }

  /**
   * 1. Alerts and one delivery for each endpoint, in one statement: all or nothing. An alert that is here already
   * changes nothing. What is answered is leased to this process.
   */
  async record(alerts: readonly AlertRaised[], now: Date): Promise<DueDelivery[]> {
    if (alerts.length === 0) return [];
    const recorded = await new AlertOutbox(this.postgres).record(alerts, {
      now,
      leaseMs: this.leaseMs,
    });
    this.metrics.alerts.inc({ state: 'recorded' }, recorded.alerts);
    this.metrics.alerts.inc({ state: 'repeated' }, alerts.length - recorded.alerts);
    return recorded.deliveries;
  }

  /** 2. The group's offset, behind what is recorded. Lost or late, it costs a redelivery that changes nothing. */
  async commit(batch: RecordBatch): Promise<void> {
    const last = batch.records.at(-1);
    if (!last) return;
    batch.resolve(last.offset);
    await batch.heartbeat();
    await batch.commit((BigInt(last.offset) + 1n).toString());
  }

  /** 3. Leases on due deliveries: no other notifier makes the same attempt until they end. A crash ends them by itself. */
  claim(room: Room, now: Date): Promise<DueDelivery[]> {
    return new DeliveryWrites(this.postgres).claim(room, { now, leaseMs: this.leaseMs });
  }

  /** Leases that were not used. */
  async release(deliveries: readonly DueDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    await new DeliveryWrites(this.postgres).release(deliveries.map(({ id }) => id));
  }

  /**
   * 4. An attempt, what its delivery becomes, how its endpoint fares, and the notice when that is disabled: one
   * transaction. Answers the deliveries of the notice, leased to this process.
   */
  finish(delivery: DueDelivery, outcome: AttemptRecord): Promise<DueDelivery[]> {
    return this.postgres.transaction().execute(async (transaction) => {
      const written = await new DeliveryWrites(transaction).finish(delivery, outcome);
      if (!written) {
        this.logger.warn({ delivery: delivery.id }, 'another notifier has written this attempt');
        return [];
      }
      const health = new EndpointHealth(transaction);
      if (outcome.succeeded) {
        await health.succeeded(delivery.endpoint.id);
        return [];
      }
      const reason = await reasonToDisable(health, delivery, outcome);
      return reason === null ? [] : this.disable(transaction, delivery, { at: outcome.at, reason });
    });
  }

  /** 5. The end of deliveries. Answers how many. */
  async removeDeliveries(slice: { before: Date; limit: number }): Promise<number> {
    const removed = await new AlertRetentionWrites(this.postgres).removeDeliveries(slice);
    this.metrics.removed.inc({ table: 'deliveries' }, removed);
    return removed;
  }

  /** 6. The end of alerts that nothing rests on any more. */
  async removeAlerts(slice: {
    before: Date;
    after: AlertPosition | null;
    limit: number;
  }): Promise<AlertSlice> {
    const looked = await new AlertRetentionWrites(this.postgres).removeAlerts(slice);
    this.metrics.removed.inc({ table: 'alerts' }, looked.removed);
    return looked;
  }

  /** 7. The end of alerts that could never be raised. Answers how many. */
  async removeSetAside(slice: { before: Date; limit: number }): Promise<number> {
    const removed = await new AlertRetentionWrites(this.postgres).removeSetAside(slice);
    this.metrics.removed.inc({ table: 'alerts_set_aside' }, removed);
    return removed;
  }

  private async disable(
    transaction: Postgres,
    { project, endpoint }: DueDelivery,
    disabled: { at: Date; reason: DisableReason },
  ): Promise<DueDelivery[]> {
    const endpoints = new WebhookEndpointWrites(transaction);
    const row = await endpoints.disable(project, endpoint.id, disabled);
    if (!row) return [];
    this.metrics.endpointsDisabled.inc({ reason: disabled.reason });
    this.logger.warn({ endpoint: endpoint.id, ...disabled }, 'an endpoint was disabled');
    const notice = writeEndpointDisabled(row, disabled);
    const lease = { now: disabled.at, leaseMs: this.leaseMs };
    const { deliveries } = await new AlertOutbox(transaction).record([notice], lease);
    return deliveries;
  }
}

async function reasonToDisable(
  health: EndpointHealth,
  { endpoint }: DueDelivery,
  { at, status }: AttemptRecord,
): Promise<DisableReason | null> {
  const failingSince = await health.failed(endpoint.id, at);
  const judgement = judgeFailure(status, { failingSince, at });
  if (judgement !== 'if-failed-before') return judgement === 'gone' ? 'gone' : null;
  const before = await health.failedWithin(endpoint.id, {
    from: new Date(at.getTime() - EARLIER_FAILURE_MS.from),
    to: new Date(at.getTime() - EARLIER_FAILURE_MS.to),
  });
  return before ? 'failing' : null;
}
