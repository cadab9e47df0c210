import { hash } from 'node:crypto';
import { ALERT_RAISED_SCHEMA, type AlertRaised, TOPICS } from '#contracts';
import type { EnvelopeProducer } from '#kafka/writes';
import type { AlertsPort } from './counting.ports.js';

/** Alerts on their topic, those of a project in one partition and so in order. */
export function logAlerts(producer: EnvelopeProducer): AlertsPort {
  return {
    raise: async (alerts) => {
      const outcome = await producer.send({
        topic: TOPICS.alertsRaised,
        records: alerts.map((alert) => ({
          partition: partitionFor(alert),
          value: Buffer.from(JSON.stringify(alert)),
          headers: { schema: ALERT_RAISED_SCHEMA },
        })),
      });
      if (outcome.state !== 'acknowledged')
        throw new Error(`alerts were not acknowledged: ${outcome.reason}`);
    },
  };
}

function partitionFor({ project }: AlertRaised): number {
  return (
    Number.parseInt(hash('sha256', project, 'hex').slice(0, 8), 16) % TOPICS.alertsRaised.partitions
  );
}
