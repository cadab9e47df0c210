import type { MicroserviceOptions } from '@nestjs/microservices';
import { TOPICS } from '#contracts';
import { assertWiring, KafkaBatchServer } from '#kafka';
import { LOGGER, type Logger, Readiness, runService } from '#platform';
import { AggregatorConfig } from './aggregator.config.js';
import { AggregatorModule } from './aggregator.module.js';
import { AggregatorPipeline } from './aggregator.pipeline.js';
import { OwnedPartitions } from './partitions/owned-partitions.js';
import { PlanStoring } from './storing/plan-storing.js';

const APP = 'aggregator';

await runService({
  name: APP,
  config: AggregatorConfig,
  module: AggregatorModule,
  prepare: async (app, config) => {
    const logger = app.get<Logger>(LOGGER);
    await assertWiring({ app: APP, brokers: config.kafkaBrokers, logger });
    const pipeline = app.get(AggregatorPipeline);
    const server = new KafkaBatchServer({
      app: APP,
      brokers: config.kafkaBrokers,
      groupId: config.kafkaGroupId,
      topics: [TOPICS.usagePriced],
      logger,
      commit: 'by-handler',
      partitionsConsumedConcurrently: TOPICS.usagePriced.partitions,
      startAt: ({ partition }, generation) =>
        app.get(OwnedPartitions).takeOver(partition, generation),
      onRevoked: (assignment, generation) =>
        pipeline.giveUp(
          assignment.map(({ partition }) => partition),
          generation,
        ),
    });
    app.connectMicroservice<MicroserviceOptions>({ strategy: server });
    app.get(Readiness).register('kafka', () => server.unreadyReason());
    app.get(Readiness).register('storing', () => app.get(PlanStoring).stuckReason());
  },
});
