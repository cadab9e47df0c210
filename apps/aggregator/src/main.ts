import { TOPICS } from '#contracts';
import { probeAdapter } from '#http';
import { serveTopic } from '#kafka';
import { Readiness } from '#platform';
import { runService } from '#service';
import { AggregatorConfig } from './aggregator.config.js';
import { AggregatorModule } from './aggregator.module.js';
import { AggregatorPipeline } from './aggregator.pipeline.js';
import { KnownIdentities } from './deciding/known-identities.js';
import { EvictionWatch } from './eviction-watch.js';
import { OwnedPartitions } from './partitions/owned-partitions.js';
import { PlanStoring } from './storing/plan-storing.js';

const APP = 'aggregator';

await runService({
  name: APP,
  config: AggregatorConfig,
  module: AggregatorModule,
  adapter: probeAdapter,
  prepare: async (app, { kafka }) => {
    await app.get(EvictionWatch).refuseStart();
    await serveTopic(app, {
      app: APP,
      kafka,
      reads: TOPICS.usagePriced,
      check: 'kafka',
      startAt: ({ partition }, generation) =>
        app.get(OwnedPartitions).takeOver(partition, generation),
      onAssigned: (assignment) =>
        app.get(KnownIdentities).share(assignment.map(({ partition }) => partition)),
      onRevoked: (assignment, generation) =>
        app.get(AggregatorPipeline).giveUp(
          assignment.map(({ partition }) => partition),
          generation,
        ),
    });
    app.get(Readiness).register('storing', () => app.get(PlanStoring).stuckReason());
  },
});
