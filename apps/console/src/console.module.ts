import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { ApiKeyGuard, KeyUses, KeyVerifier } from '#access';
import { ApiErrorFilter } from '#http';
import { EnvelopeProducer } from '#kafka/writes';
import { LOGGER, type Logger } from '#platform';
import { ApiKeys } from '#postgres';
import { Sealer } from '#sealing';
import { AdminKeyGuard } from './access/admin-key.guard.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { AlertsService } from './alerts/alerts.service.js';
import { MutesController } from './alerts/mutes.controller.js';
import { MutesService } from './alerts/mutes.service.js';
import { AnomaliesController } from './anomalies/anomalies.controller.js';
import { AnomaliesService } from './anomalies/anomalies.service.js';
import { AnomalySettingsController } from './anomalies/anomaly-settings.controller.js';
import { AnomalySettingsService } from './anomalies/anomaly-settings.service.js';
import { ApplicationsController } from './applications/applications.controller.js';
import { ApplicationsService } from './applications/applications.service.js';
import { BudgetCounters } from './budgets/budget-counters.js';
import { BudgetStandingsService } from './budgets/budget-standings.service.js';
import { BudgetsController } from './budgets/budgets.controller.js';
import { BudgetsService } from './budgets/budgets.service.js';
import { UnpricedUsage } from './budgets/unpriced-usage.js';
import { ConflictsController } from './conflicts/conflicts.controller.js';
import { ConflictsService } from './conflicts/conflicts.service.js';
import { ConsoleConfig } from './console.config.js';
import { CustomersController } from './customers/customers.controller.js';
import { CustomersService } from './customers/customers.service.js';
import { Engines } from './engines/engines.js';
import { ErasuresController } from './erasures/erasures.controller.js';
import { ErasuresScheduler } from './erasures/erasures.scheduler.js';
import { ErasuresService } from './erasures/erasures.service.js';
import { EventsController } from './events/events.controller.js';
import { EventsService } from './events/events.service.js';
import { FreshnessService } from './freshness/freshness.service.js';
import { CreationService } from './idempotency/creation.service.js';
import { JsonBodies } from './json-bodies.js';
import { KeysController } from './keys/keys.controller.js';
import { KeysService } from './keys/keys.service.js';
import { RateLimitsController } from './limits/rate-limits.controller.js';
import { RateLimitsService } from './limits/rate-limits.service.js';
import { SendLimitGuard } from './limits/send-limit.guard.js';
import { SendLimitsService } from './limits/send-limits.service.js';
import { LimitsController } from './limits/limits.controller.js';
import { LimitsService } from './limits/limits.service.js';
import { KeepManagingCalls } from './managing-calls/keep-managing-calls.js';
import { ManagingCallRetentionScheduler } from './managing-calls/managing-call-retention.scheduler.js';
import { ManagingCallRetentionService } from './managing-calls/managing-call-retention.service.js';
import { ManagingCallsController } from './managing-calls/managing-calls.controller.js';
import { ManagingCallsService } from './managing-calls/managing-calls.service.js';
import { ProjectsController } from './projects/projects.controller.js';
import { ProjectsService } from './projects/projects.service.js';
import { QuarantineController } from './quarantine/quarantine.controller.js';
import { QuarantineService, REPLAY_PRODUCER } from './quarantine/quarantine.service.js';
import { RateStandingsService } from './rates/rate-standings.service.js';
import { RatesController } from './rates/rates.controller.js';
import { RatesService } from './rates/rates.service.js';
import { UsageController } from './usage/usage.controller.js';
import { UsageService } from './usage/usage.service.js';
import { DeliveriesController } from './webhook-endpoints/deliveries.controller.js';
import { DeliveriesService } from './webhook-endpoints/deliveries.service.js';
import { EndpointConfirmationsController } from './webhook-endpoints/endpoint-confirmations.controller.js';
import { EndpointConfirmationsService } from './webhook-endpoints/endpoint-confirmations.service.js';
import { WebhookEndpointsController } from './webhook-endpoints/webhook-endpoints.controller.js';
import { WebhookEndpointsService } from './webhook-endpoints/webhook-endpoints.service.js';

const REPLAY_ACK_TIMEOUT_MS = 1_500;

@Module({
  controllers: [
    UsageController,
    EventsController,
    QuarantineController,
    ConflictsController,
    ProjectsController,
    RateLimitsController,
    KeysController,
    ManagingCallsController,
    ApplicationsController,
    CustomersController,
    ErasuresController,
    BudgetsController,
    RatesController,
    AlertsController,
    MutesController,
    AnomaliesController,
    AnomalySettingsController,
    WebhookEndpointsController,
    LimitsController,
    DeliveriesController,
    EndpointConfirmationsController,
  ],
  providers: [
    Engines,
    ApiKeyGuard,
    AdminKeyGuard,
    CreationService,
    FreshnessService,
    UsageService,
    EventsService,
    QuarantineService,
    ConflictsService,
    ProjectsService,
    RateLimitsService,
    SendLimitsService,
    SendLimitGuard,
    LimitsService,
    KeysService,
    ManagingCallsService,
    ManagingCallRetentionService,
    ManagingCallRetentionScheduler,
    ApplicationsService,
    CustomersService,
    ErasuresService,
    ErasuresScheduler,
    BudgetsService,
    BudgetCounters,
    BudgetStandingsService,
    UnpricedUsage,
    RatesService,
    RateStandingsService,
    AlertsService,
    MutesService,
    AnomaliesService,
    AnomalySettingsService,
    WebhookEndpointsService,
    DeliveriesService,
    EndpointConfirmationsService,
    { provide: APP_FILTER, useClass: ApiErrorFilter },
    // In this order: what is kept of a call is its body.
    { provide: APP_INTERCEPTOR, useClass: JsonBodies },
    { provide: APP_INTERCEPTOR, useClass: KeepManagingCalls },
    {
      provide: Sealer,
      inject: [ConsoleConfig],
      useFactory: ({ sealing }: ConsoleConfig) => new Sealer(sealing.keys),
    },
    {
      provide: KeyUses,
      inject: [KeysService, LOGGER],
      useFactory: (keys: KeysService, logger: Logger) =>
        new KeyUses((uses) => keys.noteUses(uses), logger),
    },
    {
      provide: KeyVerifier,
      inject: [Engines, LOGGER, KeyUses],
      useFactory: ({ postgresPool }: Engines, logger: Logger, uses: KeyUses) =>
        new KeyVerifier(new ApiKeys(postgresPool), logger, (id) => uses.note(id)),
    },
    {
      provide: EnvelopeProducer,
      inject: [ConsoleConfig, LOGGER],
      useFactory: ({ kafka }: ConsoleConfig, logger: Logger) =>
        new EnvelopeProducer({
          app: 'console',
          brokers: kafka.brokers,
          ackTimeoutMs: REPLAY_ACK_TIMEOUT_MS,
          logger,
        }),
    },
    { provide: REPLAY_PRODUCER, useExisting: EnvelopeProducer },
  ],
})
export class ConsoleModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly verifier: KeyVerifier,
    private readonly keyUses: KeyUses,
    private readonly producer: EnvelopeProducer,
  ) {}

  onApplicationBootstrap(): void {
    this.verifier.start();
    this.keyUses.start();
    this.producer.start();
  }

  /** After the HTTP server has answered what it had taken. */
  async onApplicationShutdown(): Promise<void> {
    this.verifier.stop();
    await this.keyUses.stop();
    await this.producer.close();
  }
}
