import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { ClickHouseClient } from '#clickhouse';
import { Clock, Readiness } from '#platform';
import type { Postgres } from '#postgres';
import { type createStripe, unreachableReason } from '#stripe';
import { CLICKHOUSE, POSTGRES, STRIPE } from './connections.js';

/** How long an answer of Stripe's counts: probes come every second, and Stripe limits the rate of calls. */
const STRIPE_ANSWER_GOOD_MS = 30_000;

/** The process is ready when a bill run at this moment would find its neighbours. */
@Injectable()
export class BillingReadiness implements OnModuleInit {
  private stripeAnsweredAt = -STRIPE_ANSWER_GOOD_MS;

  constructor(
    private readonly readiness: Readiness,
    private readonly clock: Clock,
    @Inject(CLICKHOUSE) private readonly clickhouse: ClickHouseClient,
    @Inject(POSTGRES) private readonly postgres: Postgres,
    @Inject(STRIPE) private readonly stripe: ReturnType<typeof createStripe>,
  ) {}

  onModuleInit(): void {
    this.readiness.register('clickhouse', async () =>
      (await this.clickhouse.ping()).success ? null : 'ClickHouse does not answer',
    );
    this.readiness.register('postgres', async () => {
      await this.postgres.selectFrom('invoices').select('id').limit(1).execute();
      return null;
    });
    this.readiness.register('stripe', async () => {
      if (this.clock.now() - this.stripeAnsweredAt < STRIPE_ANSWER_GOOD_MS) return null;
      const reason = await unreachableReason(this.stripe);
      if (reason === null) this.stripeAnsweredAt = this.clock.now();
      return reason;
    });
  }
}
