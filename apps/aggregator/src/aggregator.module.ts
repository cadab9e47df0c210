import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { ClickHouseClient } from '#clickhouse';
import { TOPICS } from '#contracts';
import { ClusterView } from '#kafka';
import { Clock, LOGGER, type Logger, Readiness } from '#platform';
import { type Postgres, StoringLock } from '#postgres';
import { PartitionOwnershipWrites } from '#postgres/writes';
import { AggregatorConfig } from './aggregator.config.js';
import { AggregatorController } from './aggregator.controller.js';
import { AggregatorMetrics } from './aggregator.metrics.js';
import { AggregatorPipeline } from './aggregator.pipeline.js';
import { AGGREGATOR_PORTS, type AggregatorPorts } from './aggregator.ports.js';
import { AggregatorScheduler } from './aggregator.scheduler.js';
import { AggregatorSink } from './aggregator.sink.js';
import { AlertingModule } from './alerting/alerting.module.js';
import { NoticeRaising } from './alerting/notice-raising.js';
import { AnomaliesModule } from './anomalies/anomalies.module.js';
import { clickHouseUsageStore } from './clickhouse-usage-store.js';
import { CountingModule } from './counting/counting.module.js';
import { UsageCounting } from './counting/usage-counting.js';
import { OwnedPartitions } from './owned-partitions.js';
import { PlanStoring } from './plan-storing.js';
import { RollupAudit } from './rollup-audit.js';
import { CLICKHOUSE, POSTGRES, StoresModule } from './stores.module.js';

const CLUSTER_ID = Symbol('cluster id');
const FILTER_IDENTITIES_MIN = 100_000;

@Module({
  imports: [StoresModule, CountingModule, AlertingModule, AnomaliesModule],
  controllers: [AggregatorController],
  providers: [
    AggregatorMetrics,
    AggregatorPipeline,
    AggregatorScheduler,
    AggregatorSink,
    NoticeRaising,
    OwnedPartitions,
    PlanStoring,
    UsageCounting,
    {
      provide: RollupAudit,
      inject: [AGGREGATOR_PORTS, Clock, AggregatorMetrics, LOGGER],
      useFactory: (
        { lock, store }: AggregatorPorts,
        clock: Clock,
        metrics: AggregatorMetrics,
        logger: Logger,
      ) => new RollupAudit(lock, store, clock, metrics, logger),
    },
    {
      provide: CLUSTER_ID,
      inject: [AggregatorConfig, LOGGER],
      useFactory: async ({ kafka }: AggregatorConfig, logger: Logger) => {
        const view = new ClusterView({ app: 'aggregator', brokers: kafka.brokers, logger });
        try {
          return await view.clusterId();
        } finally {
          await view.close();
        }
      },
    },
    {
      provide: AGGREGATOR_PORTS,
      inject: [AggregatorConfig, CLICKHOUSE, POSTGRES, CLUSTER_ID],
      useFactory: (
        config: AggregatorConfig,
        clickhouse: ClickHouseClient,
        postgres: Postgres,
        cluster: string,
      ): AggregatorPorts => ({
        source: { cluster, topic: TOPICS.usagePriced.name },
        bounds: {
          planRowsMax: config.planRowsMax,
          storeEveryMs: config.storeEveryMs,
          waitingRowsMax: config.waitingRowsMax,
          filterIdentitiesMin: FILTER_IDENTITIES_MIN,
          filterIdentitiesMax: config.filterIdentitiesMax,
        },
        ownership: new PartitionOwnershipWrites(postgres),
        lock: new StoringLock(postgres),
        store: clickHouseUsageStore(clickhouse),
      }),
    },
  ],
})
export class AggregatorModule implements OnApplicationShutdown {
  constructor(
    @Inject(CLICKHOUSE) private readonly clickhouse: ClickHouseClient,
    @Inject(POSTGRES) private readonly postgres: Postgres,
    readiness: Readiness,
  ) {
    readiness.register('clickhouse', async () =>
      (await clickhouse.ping()).success ? null : 'ClickHouse does not answer',
    );
    readiness.register('postgres', async () => {
      await postgres.selectFrom('partition_ownership').select('partition').limit(1).execute();
      return null;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.clickhouse.close();
    await this.postgres.destroy();
  }
}
