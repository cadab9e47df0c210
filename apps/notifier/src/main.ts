import type { MicroserviceOptions } from '@nestjs/microservices';
import { TOPICS } from '#contracts';
import { assertWiring, KafkaBatchServer } from '#kafka';
import { LOGGER, type Logger, Readiness, runService } from '#platform';
import { NotifierConfig } from './notifier.config.js';
import { NotifierModule } from './notifier.module.js';

const APP = 'notifier';

await runService({
  name: APP,
  config: NotifierConfig,
  module: NotifierModule,
  prepare: async (app, { kafka }) => {
    const logger = app.get<Logger>(LOGGER);
    await assertWiring({ app: APP, brokers: kafka.brokers, logger });
    const server = new KafkaBatchServer({
      app: APP,
      brokers: kafka.brokers,
      groupId: kafka.groupId,
      topics: [TOPICS.alertsRaised],
      logger,
      commit: 'by-handler',
      partitionsConsumedConcurrently: TOPICS.alertsRaised.partitions,
    });
    app.connectMicroservice<MicroserviceOptions>({ strategy: server });
    app.get(Readiness).register('kafka_consumer', () => server.unreadyReason());
  },
});
