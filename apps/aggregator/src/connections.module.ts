import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import { ClusterView } from '#kafka';
import { EnvelopeProducer } from '#kafka/writes';
import { LOGGER, type Logger, Readiness } from '#platform';
import { connectPostgres, type Postgres, readWatchChanges } from '#postgres';
import { connectRedis, pingRedis, type Redis } from '#redis';
import { WatchBook } from '#watch-book';
import { AggregatorConfig } from './aggregator.config.js';
import { AggregatorMetrics } from './aggregator.metrics.js';
import { EvictionWatch } from './eviction-watch.js';

export const CLICKHOUSE = Symbol('clickhouse');
export const CLUSTER_VIEW = Symbol('cluster view');
export const POSTGRES = Symbol('postgres');
export const REDIS = Symbol('redis');
const ACK_TIMEOUT_MS = 5_000;

/** What the rooms stand on, each made once: the connections, the book of watches that is read over one of them, the metrics. */
@Module({
  providers: [
    AggregatorMetrics,
    {
      provide: CLICKHOUSE,
      inject: [AggregatorConfig],
      useFactory: ({ clickhouse }: AggregatorConfig) => connectClickHouse(clickhouse),
    },
    {
      provide: POSTGRES,
      inject: [AggregatorConfig],
      useFactory: ({ database }: AggregatorConfig) => connectPostgres(database.url),
    },
    {
      provide: REDIS,
      inject: [AggregatorConfig],
      useFactory: ({ redis }: AggregatorConfig) => connectRedis(redis.url),
    },
    {
      provide: EvictionWatch,
      inject: [REDIS, AggregatorMetrics, LOGGER, Readiness],
      useFactory: (
        redis: Redis,
        metrics: AggregatorMetrics,
        logger: Logger,
        readiness: Readiness,
      ) => new EvictionWatch(redis, metrics, logger, readiness),
    },
    {
      provide: CLUSTER_VIEW,
      inject: [AggregatorConfig, LOGGER],
      useFactory: ({ kafka }: AggregatorConfig, logger: Logger) =>
        new ClusterView({ app: 'aggregator', brokers: kafka.brokers, logger }),
    },
    {
      provide: EnvelopeProducer,
      inject: [AggregatorConfig, LOGGER],
      useFactory: ({ kafka }: AggregatorConfig, logger: Logger) =>
        new EnvelopeProducer({
          app: 'aggregator',
          brokers: kafka.brokers,
          ackTimeoutMs: ACK_TIMEOUT_MS,
          logger,
        }),
    },
    {
      provide: WatchBook,
      inject: [POSTGRES],
      useFactory: (postgres: Postgres) =>
        new WatchBook({ changedSince: (from) => readWatchChanges(postgres, from) }),
    },
  ],
  exports: [
    AggregatorMetrics,
    CLICKHOUSE,
    CLUSTER_VIEW,
    EnvelopeProducer,
    POSTGRES,
    REDIS,
    WatchBook,
  ],
})
export class ConnectionsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(CLICKHOUSE) private readonly clickhouse: ClickHouseClient,
    @Inject(POSTGRES) private readonly postgres: Postgres,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(CLUSTER_VIEW) private readonly view: ClusterView,
    private readonly producer: EnvelopeProducer,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.redis.on('error', (error: Error) => this.logger.warn({ err: error }, 'Redis is away'));
    this.producer.start();
    this.readiness.register('clickhouse', async () =>
      (await this.clickhouse.ping()).success ? null : 'ClickHouse does not answer',
    );
    this.readiness.register('postgres', async () => {
      await this.postgres.selectFrom('partition_ownership').select('partition').limit(1).execute();
      return null;
    });
    this.readiness.register('redis', async () => {
      await pingRedis(this.redis);
      return null;
    });
    this.readiness.register('kafka_producer', () => this.producer.unreadyReason());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.producer.close();
    await this.view.close();
    this.redis.disconnect();
    await this.clickhouse.close();
    await this.postgres.destroy();
  }
}
