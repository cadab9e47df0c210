import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type ClickHouseClient, sumUsage } from '#clickhouse';
import { EnvelopeProducer } from '#kafka';
import { LOGGER, type Logger, Readiness } from '#platform';
import { type Postgres, readBudgetChanges } from '#postgres';
import { connectRedis, PendingAlerts, type Redis, UsageCounters } from '#redis';
import { AggregatorConfig } from '../aggregator.config.js';
import { CLICKHOUSE, POSTGRES, StoresModule } from '../stores.module.js';
import { AlertRaising } from './alert-raising.js';
import { COUNTING_PORTS, type CountingPorts } from './counting.ports.js';
import { gatherSums } from './gather-sums.js';
import { logAlerts } from './log-alerts.js';
import { WatchBook } from './watch-book.js';

export const REDIS = Symbol('redis');
const ACK_TIMEOUT_MS = 5_000;

@Module({
  imports: [StoresModule],
  providers: [
    AlertRaising,
    WatchBook,
    {
      provide: REDIS,
      inject: [AggregatorConfig],
      useFactory: ({ redisUrl }: AggregatorConfig) => connectRedis(redisUrl),
    },
    {
      provide: EnvelopeProducer,
      inject: [AggregatorConfig, LOGGER],
      useFactory: ({ kafkaBrokers }: AggregatorConfig, logger: Logger) =>
        new EnvelopeProducer({
          app: 'aggregator',
          brokers: kafkaBrokers,
          ackTimeoutMs: ACK_TIMEOUT_MS,
          logger,
        }),
    },
    {
      provide: COUNTING_PORTS,
      inject: [CLICKHOUSE, POSTGRES, REDIS, EnvelopeProducer],
      useFactory: (
        clickhouse: ClickHouseClient,
        postgres: Postgres,
        redis: Redis,
        producer: EnvelopeProducer,
      ): CountingPorts => ({
        budgets: { changedSince: (change) => readBudgetChanges(postgres, change) },
        counters: new UsageCounters(redis),
        pending: new PendingAlerts(redis),
        sums: gatherSums({ sums: (asked) => sumUsage(clickhouse, asked) }),
        alerts: logAlerts(producer),
      }),
    },
  ],
  exports: [AlertRaising, WatchBook, COUNTING_PORTS, REDIS],
})
export class CountingModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly producer: EnvelopeProducer,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.redis.on('error', (error: Error) => this.logger.warn({ err: error }, 'Redis is away'));
    this.producer.start();
    this.readiness.register('redis', async () => {
      await this.redis.ping();
      return null;
    });
    this.readiness.register('kafka_producer', () => this.producer.unreadyReason());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.producer.close();
    this.redis.disconnect();
  }
}
