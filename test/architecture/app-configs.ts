import { AggregatorConfig } from '../../apps/aggregator/src/aggregator.config.js';
import { BillingConfig } from '../../apps/billing/src/billing.config.js';
import { ConsoleConfig } from '../../apps/console/src/console.config.js';
import { IngestApiConfig } from '../../apps/ingest-api/src/ingest-api.config.js';
import { NotifierConfig } from '../../apps/notifier/src/notifier.config.js';
import { PricingWorkerConfig } from '../../apps/pricing-worker/src/pricing-worker.config.js';
import type { AppName } from '../../dev/platform/apps.js';

/** The class by which each app reads its environment. */
export const appConfigs: Record<AppName, new () => object> = {
  'ingest-api': IngestApiConfig,
  'pricing-worker': PricingWorkerConfig,
  aggregator: AggregatorConfig,
  notifier: NotifierConfig,
  billing: BillingConfig,
  console: ConsoleConfig,
};
