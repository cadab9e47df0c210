import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import { BilledParties, BillingLock, connectPostgres, Invoices, type Postgres } from '#postgres';
import { BilledPartyWrites, InvoiceWrites, StripeWrites } from '#postgres/writes';
import { createStripe } from '#stripe';
import { StripeCustomers, StripeInvoices } from '#stripe/writes';
import { BillingConfig } from './billing.config.js';
import { BillingPipeline } from './billing.pipeline.js';
import { BillingSink } from './billing.sink.js';
import { CLICKHOUSE, POSTGRES, STRIPE } from './connections.js';
import { CustomerBilling } from './customer-billing.js';
import { UsageFreshness } from './usage-freshness.js';
import { UsageReader } from './usage-reader.js';

type Stripe = ReturnType<typeof createStripe>;

const onPostgres = <T>(table: new (postgres: Postgres) => T) => ({
  provide: table,
  inject: [POSTGRES],
  useFactory: (postgres: Postgres) => new table(postgres),
});

/** Billing, without what makes it a service: the command uses it too. Whoever imports it provides the config, the clock and the logger. */
@Module({
  providers: [
    BillingPipeline,
    BillingSink,
    CustomerBilling,
    UsageFreshness,
    UsageReader,
    onPostgres(BilledParties),
    onPostgres(BilledPartyWrites),
    onPostgres(BillingLock),
    onPostgres(Invoices),
    onPostgres(InvoiceWrites),
    onPostgres(StripeWrites),
    {
      provide: StripeCustomers,
      inject: [STRIPE, StripeWrites],
      useFactory: (stripe: Stripe, writes: StripeWrites) => new StripeCustomers(stripe, writes),
    },
    {
      provide: StripeInvoices,
      inject: [STRIPE, StripeWrites],
      useFactory: (stripe: Stripe, writes: StripeWrites) => new StripeInvoices(stripe, writes),
    },
    {
      provide: CLICKHOUSE,
      inject: [BillingConfig],
      useFactory: ({ clickhouse }: BillingConfig) => connectClickHouse(clickhouse),
    },
    {
      provide: POSTGRES,
      inject: [BillingConfig],
      useFactory: ({ database }: BillingConfig) => connectPostgres(database.url),
    },
    {
      provide: STRIPE,
      inject: [BillingConfig],
      useFactory: (config: BillingConfig) => createStripe(config.stripe()),
    },
  ],
  exports: [BillingPipeline, CLICKHOUSE, POSTGRES, STRIPE],
})
export class BillingModule implements OnApplicationShutdown {
  constructor(
    @Inject(CLICKHOUSE) private readonly clickhouse: ClickHouseClient,
    @Inject(POSTGRES) private readonly postgres: Postgres,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.clickhouse.close();
    await this.postgres.destroy();
  }
}
