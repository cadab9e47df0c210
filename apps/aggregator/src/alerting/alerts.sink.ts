import { hash } from 'node:crypto';
import { ALERT_RAISED_SCHEMA, type AlertRaised, TOPICS } from '#contracts';
import { type EnvelopeRecord, type EnvelopeSend, type SendOutcome, splitByBytes } from '#kafka';
import { failpoint, type Logger } from '#platform';
import type { SetAsideAlert } from '#postgres';
import type { AggregatorMetrics } from '../aggregator.metrics.js';

/** The log, the list of pending alerts in Redis, and in PostgreSQL what can't be raised. */
export interface AlertsWritePorts {
  log: { send(envelopes: EnvelopeSend): Promise<SendOutcome> };
  pending: { shorten(project: string, entries: string[]): Promise<number> };
  setAside: { add(alerts: readonly SetAsideAlert[]): Promise<void> };
}

/** The only place of this stage that raises alerts. */
export class AlertsSink {
  constructor(
    private readonly ports: AlertsWritePorts,
    private readonly metrics: AggregatorMetrics,
    private readonly logger: Logger,
  ) {}

  /**
   * 1. Alerts on their topic, those of a project in one partition and so in order. Resolves once every one is acknowledged
   * by the log, or set aside because no record can hold it; a throw is an outage, and the same are to be raised again under
   * the same ids.
   */
  async raise(alerts: readonly AlertRaised[]): Promise<void> {
    const { sends, tooLarge } = splitByBytes(TOPICS.alertsRaised, alerts.map(recordOf));
    for (const records of sends) {
      const outcome = await this.ports.log.send({ topic: TOPICS.alertsRaised, records });
      if (outcome.state !== 'acknowledged')
        throw new Error(`alerts were not acknowledged: ${outcome.reason}`);
    }
    const reason = 'it is larger than a record of the log may be';
    await this.setAside(
      tooLarge.map(({ project, value }) => ({ project, content: value, reason })),
    );
  }

  /** 2. What can never be raised, kept with its reason. Again, it changes nothing. A throw is an outage. */
  async setAside(alerts: readonly SetAsideAlert[]): Promise<void> {
    if (alerts.length === 0) return;
    await this.ports.setAside.add(alerts);
    this.metrics.alertsSetAside.inc(alerts.length);
    for (const { project, reason } of alerts)
      this.logger.error({ project, reason }, 'an alert cannot be raised and was set aside');
  }

  /** 3. Takes entries whose alerts are acknowledged off the list, as far as they still stand at its head. Answers how many are left. */
  shorten(project: string, acknowledged: string[]): Promise<number> {
    failpoint('aggregator.after_raise');
    return this.ports.pending.shorten(project, acknowledged);
  }
}

function recordOf(alert: AlertRaised): EnvelopeRecord & { project: string } {
  const { project } = alert;
  const value = Buffer.from(JSON.stringify(alert));
  return {
    project,
    partition: partitionFor(alert),
    value,
    headers: { schema: ALERT_RAISED_SCHEMA },
  };
}

function partitionFor({ project }: AlertRaised): number {
  return (
    Number.parseInt(hash('sha256', project, 'hex').slice(0, 8), 16) % TOPICS.alertsRaised.partitions
  );
}
