import type { AlertRaised } from '#contracts';
import type { AlertsWritePorts } from '../../apps/aggregator/src/alerting/alerts.sink.js';

/** A log of alerts that hands them on in place of keeping them; it has them once `take` resolves. */
export function alertLog(take: (alerts: AlertRaised[]) => Promise<void>): AlertsWritePorts['log'] {
  return {
    send: async ({ records }) => {
      await take(records.map(({ value }) => JSON.parse(value.toString()) as AlertRaised));
      return { state: 'acknowledged', offsets: [] };
    },
  };
}
