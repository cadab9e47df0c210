import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from '#platform';

/** Every metric about looking for anomalies. */
@Injectable()
export class AnomalyMetrics {
  readonly scans = new Counter({
    name: 'aggregator_anomaly_scans_total',
    help: 'Projects whose days were judged, by outcome: done, failed',
    labelNames: ['outcome'],
  });
  readonly marked = new Counter({
    name: 'aggregator_anomalies_marked_total',
    help: 'Days newly marked as anomalies',
  });
  readonly projectsCut = new Gauge({
    name: 'aggregator_anomaly_projects_cut',
    help: 'Projects with more customers or models than are judged: those with the most requests are',
  });
}
