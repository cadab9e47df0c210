import { Module } from '@nestjs/common';
import { type ClickHouseClient, readDailyUsage } from '#clickhouse';
import { TOPICS } from '#contracts';
import type { ClusterView } from '#kafka';
import { Clock, LOGGER, type Logger } from '#platform';
import {
  AnomalyMarks,
  AnomalySettingsStore,
  JobLock,
  type Postgres,
  readStoredPositions,
} from '#postgres';
import { AnomalyMarkWrites } from '#postgres/writes';
import { AlertingModule } from '../alerting/alerting.module.js';
import { AlertsSink } from '../alerting/alerts.sink.js';
import { CLICKHOUSE, CLUSTER_VIEW, ConnectionsModule, POSTGRES } from '../connections.module.js';
import { AnomalyMetrics } from './anomalies.metrics.js';
import { ANOMALY_PORTS, type AnomalyPorts } from './anomalies.ports.js';
import { AnomaliesScheduler } from './anomalies.scheduler.js';
import { AnomaliesSink } from './anomalies.sink.js';
import { AnomalyScan } from './anomaly-scan.js';
import { UsageCompleteness } from './usage-completeness.js';

/** A round over thousands of projects is longer than other jobs. */
const ROUND_MS_MAX = 600_000;

@Module({
  imports: [ConnectionsModule, AlertingModule],
  providers: [
    AnomaliesScheduler,
    AnomalyMetrics,
    {
      provide: AnomaliesSink,
      inject: [POSTGRES, AlertsSink],
      useFactory: (postgres: Postgres, alerts: AlertsSink) =>
        new AnomaliesSink({ marks: new AnomalyMarkWrites(postgres), alerts }),
    },
    {
      provide: UsageCompleteness,
      inject: [CLUSTER_VIEW, POSTGRES, Clock],
      useFactory: (view: ClusterView, postgres: Postgres, clock: Clock) =>
        new UsageCompleteness(
          view,
          () => readStoredPositions(postgres, TOPICS.usagePriced.name),
          clock,
        ),
    },
    {
      provide: ANOMALY_PORTS,
      inject: [CLICKHOUSE, POSTGRES, UsageCompleteness],
      useFactory: (
        clickhouse: ClickHouseClient,
        postgres: Postgres,
        completeness: UsageCompleteness,
      ): AnomalyPorts => ({
        projects: () => new AnomalySettingsStore(postgres).all(),
        usage: (query) => readDailyUsage(clickhouse, query),
        completeTo: () => completeness.completeTo(),
        unraised: (limit) => new AnomalyMarks(postgres).unraised(limit),
        lock: new JobLock(postgres, 'anomalies', ROUND_MS_MAX),
      }),
    },
    {
      provide: AnomalyScan,
      inject: [ANOMALY_PORTS, AnomaliesSink, Clock, AnomalyMetrics, LOGGER],
      useFactory: (
        ports: AnomalyPorts,
        sink: AnomaliesSink,
        clock: Clock,
        metrics: AnomalyMetrics,
        logger: Logger,
      ) => new AnomalyScan(ports, sink, clock, metrics, logger),
    },
  ],
})
export class AnomaliesModule {}
