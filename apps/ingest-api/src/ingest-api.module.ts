import {
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ApiKeyGuard, KeyUses, KeyVerifier } from '#access';
import { ApiErrorFilter } from '#http';
import { EnvelopeProducer } from '#kafka/writes';
import { RateLimiter } from '#limits';
import { Clock, LOGGER, type Logger, Readiness } from '#platform';
import { ApiKeys, connectPostgres, type Postgres } from '#postgres';
import { connectRedis, type Redis } from '#redis';
import { SharedUseWrites } from '#redis/writes';
import { MoesifController } from './dialects/moesif/moesif.controller.js';
import { IngestApiConfig } from './ingest-api.config.js';
import { IngestApiController } from './ingest-api.controller.js';
import { IngestApiPipeline } from './ingest-api.pipeline.js';
import { IngestApiSink } from './ingest-api.sink.js';
import { KeyUsesSink } from './key-uses.sink.js';
import { LimitsSink } from './limits.sink.js';

const POSTGRES = Symbol('postgres');
const REDIS = Symbol('redis');
const ACK_TIMEOUT_MS = 1_500;

/** The routes of every door: one that has paths of its own, or is known by a header, has its line here. */
const ROUTES = [IngestApiController, MoesifController];

@Module({
  controllers: ROUTES,
  providers: [
    ApiKeyGuard,
    IngestApiPipeline,
    IngestApiSink,
    LimitsSink,
    { provide: APP_FILTER, useClass: ApiErrorFilter },
    {
      provide: POSTGRES,
      inject: [IngestApiConfig],
      useFactory: ({ database }: IngestApiConfig) => connectPostgres(database.url),
    },
    {
      provide: REDIS,
      inject: [IngestApiConfig, LOGGER],
      useFactory: ({ redis }: IngestApiConfig, logger: Logger) => {
        const connection = connectRedis(redis.url);
        connection.on('error', (error: Error) => logger.debug({ err: error }, 'Redis is away'));
        return connection;
      },
    },
    {
      provide: SharedUseWrites,
      inject: [REDIS],
      useFactory: (redis: Redis) => new SharedUseWrites(redis, 'door'),
    },
    {
      provide: RateLimiter,
      inject: [Clock],
      useFactory: (clock: Clock) => new RateLimiter(() => clock.now()),
    },
    {
      provide: KeyUsesSink,
      inject: [POSTGRES],
      useFactory: (postgres: Postgres) => new KeyUsesSink(postgres),
    },
    {
      provide: KeyUses,
      inject: [KeyUsesSink, LOGGER],
      useFactory: (sink: KeyUsesSink, logger: Logger) =>
        new KeyUses((uses) => sink.write(uses), logger),
    },
    {
      provide: KeyVerifier,
      inject: [POSTGRES, LOGGER, KeyUses],
      useFactory: (postgres: Postgres, logger: Logger, uses: KeyUses) =>
        new KeyVerifier(new ApiKeys(postgres), logger, (id) => uses.note(id)),
    },
    {
      provide: EnvelopeProducer,
      inject: [IngestApiConfig, LOGGER],
      useFactory: ({ kafka }: IngestApiConfig, logger: Logger) =>
        new EnvelopeProducer({
          app: 'ingest-api',
          brokers: kafka.brokers,
          ackTimeoutMs: ACK_TIMEOUT_MS,
          logger,
        }),
    },
  ],
})
export class IngestApiModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly verifier: KeyVerifier,
    private readonly keyUses: KeyUses,
    private readonly producer: EnvelopeProducer,
    private readonly readiness: Readiness,
    @Inject(POSTGRES) private readonly postgres: Postgres,
    @Inject(REDIS) private readonly redis: Redis,
  ) {}

  onApplicationBootstrap(): void {
    this.verifier.start();
    this.keyUses.start();
    this.readiness.register('kafka', () => this.producer.unreadyReason());
    this.readiness.register('postgres', () => this.verifier.unreadyReason());
  }

  async onApplicationShutdown(): Promise<void> {
    this.verifier.stop();
    this.redis.disconnect();
    await this.keyUses.stop();
    await this.postgres.destroy();
  }
}
