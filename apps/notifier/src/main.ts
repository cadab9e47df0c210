import { TOPICS } from '#contracts';
import { probeAdapter } from '#http';
import { serveTopic } from '#kafka';
import { runService } from '#service';
import { NotifierConfig } from './notifier.config.js';
import { NotifierModule } from './notifier.module.js';

const APP = 'notifier';

await runService({
  name: APP,
  config: NotifierConfig,
  module: NotifierModule,
  adapter: probeAdapter,
  prepare: (app, { kafka }) =>
    serveTopic(app, { app: APP, kafka, reads: TOPICS.alertsRaised, check: 'kafka_consumer' }),
});
