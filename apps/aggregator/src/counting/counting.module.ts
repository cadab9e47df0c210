import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type ClickHouseClient, readUsualHours, sumSliding, sumUsage } from '#clickhouse';
import { TOPICS, USAGE_PARTITIONS } from '#contracts';
import { ClusterView } from '#kafka';
import { EnvelopeProducer } from '#kafka/writes';
import { LOGGER, type Logger, Readiness } from '#platform';
import {
  lastAlertSequence,
  lastWatchAlerts,
  PartitionOwnership,
  type Postgres,
  readWatchChanges,
  watchAlertsAfter,
} from '#postgres';
import { connectRedis, PendingAlerts, type Redis, SlidingStates, UsageCounters } from '#redis';
import { AggregatorConfig } from '../aggregator.config.js';
import { CLICKHOUSE, POSTGRES, StoresModule } from '../stores.module.js';
import { AlertRaising } from './alert-raising.js';
import { COUNTING_PORTS, type CountingPorts } from './counting.ports.js';
import { gatherSums } from './gather-sums.js';
import { logAlerts } from './log-alerts.js';
import { RaisedAlerts } from './raised-alerts.js';
import { RateBaselines } from './rate-baselines.js';
import { SlidingJudging } from './sliding-judging.js';
import { WatchBook } from './watch-book.js';

export const REDIS = Symbol('redis');
const CLUSTER_VIEW = Symbol('cluster view of counting');
const ACK_TIMEOUT_MS = 5_000;

@Module({
  imports: [StoresModule],
  providers: [
    AlertRaising,
    RaisedAlerts,
    RateBaselines,
    SlidingJudging,
    WatchBook,
    {
      provide: REDIS,
      inject: [AggregatorConfig],
      useFactory: ({ redis }: AggregatorConfig) => connectRedis(redis.url),
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
      provide: CLUSTER_VIEW,
      inject: [AggregatorConfig, LOGGER],
      useFactory: ({ kafka }: AggregatorConfig, logger: Logger) =>
        new ClusterView({ app: 'aggregator', brokers: kafka.brokers, logger }),
    },
    {
      provide: COUNTING_PORTS,
      inject: [CLICKHOUSE, POSTGRES, REDIS, EnvelopeProducer, CLUSTER_VIEW],
      useFactory: (
        clickhouse: ClickHouseClient,
        postgres: Postgres,
        redis: Redis,
        producer: EnvelopeProducer,
        view: ClusterView,
      ): CountingPorts => ({
        partitions: USAGE_PARTITIONS,
        ownership: {
          isHeld: ({ epoch, ...partition }) =>
            new PartitionOwnership(postgres).isHeld(
              { ...partition, topic: TOPICS.usagePriced.name },
              epoch,
            ),
        },
        watches: { changedSince: (change) => readWatchChanges(postgres, change) },
        counters: new UsageCounters(redis),
        states: new SlidingStates(redis),
        raised: {
          lastOf: (project, watches) => lastWatchAlerts(postgres, project, watches),
          after: (sequence, limit) => watchAlertsAfter(postgres, sequence, limit),
          lastSequence: () => lastAlertSequence(postgres),
        },
        pending: new PendingAlerts(redis),
        sums: gatherSums({ sums: (asked) => sumUsage(clickhouse, asked) }),
        slidingSums: { sums: (asked) => sumSliding(clickhouse, asked) },
        usualHours: { of: (rate, hourMs) => readUsualHours(clickhouse, rate, hourMs) },
        log: { ends: () => endsOf(view) },
        alerts: logAlerts(producer),
      }),
    },
  ],
  exports: [
    AlertRaising,
    RaisedAlerts,
    RateBaselines,
    SlidingJudging,
    WatchBook,
    COUNTING_PORTS,
    REDIS,
  ],
})
export class CountingModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly producer: EnvelopeProducer,
    @Inject(CLUSTER_VIEW) private readonly view: ClusterView,
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
    await this.view.close();
    this.redis.disconnect();
  }
}

async function endsOf(view: ClusterView): Promise<Map<number, bigint>> {
  const ends = await view.topicEnds(TOPICS.usagePriced.name);
  return new Map(ends.map(({ partition, high }) => [partition, BigInt(high)]));
}
