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
import { LOGGER, type Logger, Readiness } from '#platform';
import { ApiKeys, connectPostgres, type Postgres } from '#postgres';
import { MoesifController } from './dialects/moesif/moesif.controller.js';
import { IngestApiConfig } from './ingest-api.config.js';
import { IngestApiController } from './ingest-api.controller.js';
import { IngestApiPipeline } from './ingest-api.pipeline.js';
import { IngestApiSink } from './ingest-api.sink.js';
import { KeyUsesSink } from './key-uses.sink.js';

const POSTGRES = Symbol('postgres');
const ACK_TIMEOUT_MS = 1_500;

/** The routes of every door: one that has paths of its own, or is known by a header, has its line here. */
const ROUTES = [IngestApiController, MoesifController];

@Module({
  controllers: ROUTES,
  providers: [
    ApiKeyGuard,
    IngestApiPipeline,
    IngestApiSink,
    { provide: APP_FILTER, useClass: ApiErrorFilter },
    {
      provide: POSTGRES,
      inject: [IngestApiConfig],
      useFactory: ({ database }: IngestApiConfig) => connectPostgres(database.url),
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
  ) {}

  onApplicationBootstrap(): void {
    this.verifier.start();
    this.keyUses.start();
    this.readiness.register('kafka', () => this.producer.unreadyReason());
    this.readiness.register('postgres', () => this.verifier.unreadyReason());
  }

  async onApplicationShutdown(): Promise<void> {
    this.verifier.stop();
    await this.keyUses.stop();
    await this.postgres.destroy();
  }
}
