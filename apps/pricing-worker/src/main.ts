import type { MicroserviceOptions } from '@nestjs/microservices';
import { TOPICS } from '#contracts';
import { assertWiring, KafkaBatchServer } from '#kafka';
import { LOGGER, type Logger, Readiness, runService } from '#platform';
import { PricingWorkerConfig } from './pricing-worker.config.js';
import { APP, PricingWorkerModule } from './pricing-worker.module.js';

await runService({
  name: APP,
  config: PricingWorkerConfig,
  module: PricingWorkerModule,
  prepare: async (app, { kafka }) => {
    const logger = app.get<Logger>(LOGGER);
    await assertWiring({ app: APP, brokers: kafka.brokers, logger });
    const server = new KafkaBatchServer({
      app: APP,
      brokers: kafka.brokers,
      groupId: kafka.groupId,
      topics: [TOPICS.usageRecorded],
      logger,
      commit: 'by-handler',
      partitionsConsumedConcurrently: TOPICS.usageRecorded.partitions,
    });
    app.connectMicroservice<MicroserviceOptions>({ strategy: server });
    app.get(Readiness).register('kafka_consumer', () => server.unreadyReason());
  },
});
