import { TOPICS } from '#contracts';
import { serveTopic } from '#kafka';
import { runService } from '#platform';
import { PricingWorkerConfig } from './pricing-worker.config.js';
import { APP, PricingWorkerModule } from './pricing-worker.module.js';

await runService({
  name: APP,
  config: PricingWorkerConfig,
  module: PricingWorkerModule,
  prepare: (app, config) =>
    serveTopic(app, { app: APP, config, reads: TOPICS.usageRecorded, check: 'kafka_consumer' }),
});
