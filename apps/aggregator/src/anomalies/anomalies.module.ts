import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { type ClickHouseClient, readDailyUsage } from '#clickhouse';
import { TOPICS } from '#contracts';
import { ClusterView } from '#kafka';
import { Clock, LOGGER, type Logger } from '#platform';
import {
  AnomalyMarks,
  AnomalySettingsStore,
  JobLock,
  type Postgres,
  readStoredPositions,
} from '#postgres';
import { AnomalyMarkWrites } from '#postgres/writes';
import { AggregatorConfig } from '../aggregator.config.js';
import { COUNTING_PORTS, type CountingPorts } from '../counting/counting.ports.js';
import { CountingModule } from '../counting/counting.module.js';
import { CLICKHOUSE, POSTGRES, StoresModule } from '../stores.module.js';
import { AnomalyMetrics } from './anomalies.metrics.js';
import { ANOMALY_PORTS, type AnomalyPorts } from './anomalies.ports.js';
import { AnomaliesScheduler } from './anomalies.scheduler.js';
import { AnomalyScan } from './anomaly-scan.js';
import { UsageCompleteness } from './usage-completeness.js';

/** A round over thousands of projects is longer than other jobs. */
const ROUND_MS_MAX = 600_000;

@Module({
  imports: [StoresModule, CountingModule],
  providers: [
    AnomaliesScheduler,
    AnomalyMetrics,
    {
      provide: ClusterView,
      inject: [AggregatorConfig, LOGGER],
      useFactory: ({ kafka }: AggregatorConfig, logger: Logger) =>
        new ClusterView({ app: 'aggregator', brokers: kafka.brokers, logger }),
    },
    {
      provide: UsageCompleteness,
      inject: [ClusterView, POSTGRES, Clock],
      useFactory: (view: ClusterView, postgres: Postgres, clock: Clock) =>
        new UsageCompleteness(
          view,
          () => readStoredPositions(postgres, TOPICS.usagePriced.name),
          clock,
        ),
    },
    {
      provide: ANOMALY_PORTS,
      inject: [CLICKHOUSE, POSTGRES, COUNTING_PORTS, UsageCompleteness],
      useFactory: (
        clickhouse: ClickHouseClient,
        postgres: Postgres,
        { alerts }: CountingPorts,
        completeness: UsageCompleteness,
      ): AnomalyPorts => ({
        projects: () => new AnomalySettingsStore(postgres).all(),
        usage: (query) => readDailyUsage(clickhouse, query),
        completeTo: () => completeness.completeTo(),
        marks: {
          replace: (judged, found) => new AnomalyMarkWrites(postgres).replace(judged, found),
          unraised: (limit) => new AnomalyMarks(postgres).unraised(limit),
          markRaised: (ids) => new AnomalyMarkWrites(postgres).markRaised(ids),
        },
        alerts,
        lock: new JobLock(postgres, 'anomalies', ROUND_MS_MAX),
      }),
    },
    {
      provide: AnomalyScan,
      inject: [ANOMALY_PORTS, Clock, AnomalyMetrics, LOGGER],
      useFactory: (ports: AnomalyPorts, clock: Clock, metrics: AnomalyMetrics, logger: Logger) =>
        new AnomalyScan(ports, clock, metrics, logger),
    },
  ],
})
export class AnomaliesModule implements OnApplicationShutdown {
  constructor(private readonly view: ClusterView) {}

  async onApplicationShutdown(): Promise<void> {
    await this.view.close();
  }
}
