import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { LOGGER, type Logger, Readiness } from '#platform';
import { connectPostgres, type Postgres } from '#postgres';
import { Sealer } from '#sealing';
import { AttemptSlots } from './attempt-slots.js';
import { Mailer } from './channels/mailer.js';
import { type ResolveHost, resolveHost } from './channels/resolve-host.js';
import { Sender } from './channels/sender.js';
import { NotifierConfig } from './notifier.config.js';
import { NotifierController } from './notifier.controller.js';
import { NotifierMetrics } from './notifier.metrics.js';
import { NotifierPipeline } from './notifier.pipeline.js';
import { POSTGRES } from './notifier.postgres.js';
import { NotifierScheduler } from './notifier.scheduler.js';
import { NotifierSink } from './notifier.sink.js';
import { Retention } from './retention.js';
import { RetentionScheduler } from './retention.scheduler.js';

/** How host names become addresses; tests have their own. */
export const RESOLVE_HOST = Symbol('resolve host');

const SLOW_MS = 1_000;
const CONNECTIONS_MAX = 16;

@Module({
  controllers: [NotifierController],
  providers: [
    NotifierMetrics,
    NotifierPipeline,
    NotifierScheduler,
    NotifierSink,
    Retention,
    RetentionScheduler,
    { provide: RESOLVE_HOST, useValue: resolveHost },
    {
      provide: POSTGRES,
      inject: [NotifierConfig],
      useFactory: ({ database }: NotifierConfig) => connectPostgres(database.url, CONNECTIONS_MAX),
    },
    {
      provide: AttemptSlots,
      inject: [NotifierConfig],
      useFactory: ({ attemptsInFlightMax, attemptsPerEndpointMax }: NotifierConfig) =>
        new AttemptSlots({
          inFlightMax: attemptsInFlightMax,
          perEndpointMax: attemptsPerEndpointMax,
          slowMs: SLOW_MS,
        }),
    },
    {
      provide: Sender,
      inject: [NotifierConfig, RESOLVE_HOST, LOGGER],
      useFactory: (config: NotifierConfig, resolve: ResolveHost, logger: Logger) => {
        const { webhookAllowPrivate: allowPrivate, attemptTimeoutMs: timeoutMs } = config;
        const mailer = new Mailer({
          smtpUrl: config.smtpUrl,
          from: config.smtpFrom,
          timeoutMs,
          logger,
        });
        const sealer = new Sealer(config.sealing.keys);
        return new Sender({ resolve, allowPrivate, timeoutMs }, mailer, sealer);
      },
    },
  ],
})
export class NotifierModule implements OnApplicationShutdown {
  constructor(
    @Inject(POSTGRES) private readonly postgres: Postgres,
    private readonly scheduler: NotifierScheduler,
    readiness: Readiness,
  ) {
    readiness.register('postgres', async () => {
      await postgres.selectFrom('deliveries').select('id').limit(1).execute();
      return null;
    });
  }

  /** Runs after the batch server has drained: nothing is handed over any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.scheduler.stop();
    await this.postgres.destroy();
  }
}
