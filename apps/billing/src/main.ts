import { Module } from '@nestjs/common';
import { probeAdapter } from '#http';
import { runService } from '#service';
import { BillingConfig } from './billing.config.js';
import { BillingModule } from './billing.module.js';
import { BillingReadiness } from './billing.readiness.js';

/** Bills are run by command for now; this process says whether one would find its neighbours. */
@Module({ imports: [BillingModule], providers: [BillingReadiness] })
class BillingServiceModule {}

await runService({
  name: 'billing',
  config: BillingConfig,
  module: BillingServiceModule,
  adapter: probeAdapter,
});
