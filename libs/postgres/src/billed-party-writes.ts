import type { Postgres } from './database.js';

/** Writes whom Stripe has a customer for. */
export class BilledPartyWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Binds the customer to its Stripe customer, unless it is bound already, by us or by hand. */
  async bindStripeCustomer(
    project: string,
    customer: string,
    stripeCustomer: string,
  ): Promise<void> {
    await this.postgres
      .insertInto('customers')
      .values({ project, id: customer, stripe_customer_id: stripeCustomer })
      .onConflict((conflict) =>
        conflict
          .columns(['project', 'id'])
          .doUpdateSet({ stripe_customer_id: stripeCustomer })
          .where('customers.stripe_customer_id', 'is', null),
      )
      .execute();
  }
}
