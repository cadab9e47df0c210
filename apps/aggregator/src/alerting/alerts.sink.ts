import { hash } from 'node:crypto';
import { ALERT_RAISED_SCHEMA, type AlertRaised, TOPICS } from '#contracts';
import type { EnvelopeSend, SendOutcome } from '#kafka';
import { failpoint } from '#platform';

/** The log, and the list of pending alerts in Redis. */
export interface AlertsWritePorts {
  log: { send(envelopes: EnvelopeSend): Promise<SendOutcome> };
  pending: { shorten(project: string, entries: string[]): Promise<number> };
}

/** The only place of this stage that raises alerts. */
export class AlertsSink {
  constructor(private readonly ports: AlertsWritePorts) {}

  /**
   * 1. Alerts on their topic, those of a project in one partition and so in order. Resolves once every one is acknowledged
   * by the log; a throw is an outage, and the same are to be raised again under the same ids.
   */
  async raise(alerts: readonly AlertRaised[]): Promise<void> {
    const outcome = await this.ports.log.send({
      topic: TOPICS.alertsRaised,
      records: alerts.map((alert) => ({
        partition: partitionFor(alert),
        value: Buffer.from(JSON.stringify(alert)),
        headers: { schema: ALERT_RAISED_SCHEMA },
      })),
    });
    if (outcome.state !== 'acknowledged')
      throw new Error(`alerts were not acknowledged: ${outcome.reason}`);
  }

  /** 2. Takes entries whose alerts are acknowledged off the list, as far as they still stand at its head. Answers how many are left. */
  shorten(project: string, acknowledged: string[]): Promise<number> {
    failpoint('aggregator.after_raise');
    return this.ports.pending.shorten(project, acknowledged);
  }
}

function partitionFor({ project }: AlertRaised): number {
  return (
    Number.parseInt(hash('sha256', project, 'hex').slice(0, 8), 16) % TOPICS.alertsRaised.partitions
  );
}
