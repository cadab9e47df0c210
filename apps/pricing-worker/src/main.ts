import { TOPICS } from '#contracts';
import { probeAdapter } from '#http';
import { serveTopic } from '#kafka';
import { runService } from '#service';
import { PricingWorkerConfig } from './pricing-worker.config.js';
import { APP, PricingWorkerModule } from './pricing-worker.module.js';

await runService({
  name: APP,
  config: PricingWorkerConfig,
  module: PricingWorkerModule,
  adapter: probeAdapter,
  prepare: (app, { kafka }) =>
    serveTopic(app, { app: APP, kafka, reads: TOPICS.usageRecorded, check: 'kafka_consumer' }),
});
