import { createHash } from 'node:crypto';
import type { Stripe } from 'stripe';
import { callStripe, steadyPace, type Pace } from './call-stripe.js';
import { done, refused, type Outcome } from './stripe-outcome.js';
import { writeOnce, type WriteIntent, type WriteIntents } from './write-once.js';

/** A customer of ours, as Stripe is to know it. */
export interface BilledCustomer {
  readonly project: string;
  readonly customer: string;
  readonly name: string | null;
  readonly email: string | null;
  /** The Stripe customer that this one was bound to, by us or by hand. It is never guessed. */
  readonly stripeCustomer: string | null;
}

/** Stripe's clock and ours may differ; a customer made by an earlier attempt is looked for from a little before it. */
const CLOCK_SKEW_S = 300;

export class StripeCustomers {
  constructor(
    private readonly stripe: Stripe,
    private readonly intents: WriteIntents,
    private readonly pace: Pace = steadyPace,
  ) {}

  /**
   * The id of the Stripe customer bound to ours, which is made when there is none.
   * A bound customer that Stripe does not know, or has deleted, is refused: making another would split its history.
   */
  async findOrCreate(customer: BilledCustomer): Promise<Outcome<string>> {
    if (customer.stripeCustomer !== null) return this.confirm(customer.stripeCustomer);
    const metadata = metadataOf(customer);
    return writeOnce(
      { intents: this.intents, pace: this.pace },
      {
        name: `customer:${digestOf(customer)}`,
        look: (intent) => this.look(metadata, intent),
        write: async (idempotencyKey) => {
          const { id } = await this.stripe.customers.create(
            {
              name: customer.name ?? customer.customer,
              ...(customer.email === null ? {} : { email: customer.email }),
              metadata,
            },
            { idempotencyKey },
          );
          return id;
        },
      },
    );
  }

  private async confirm(id: string): Promise<Outcome<string>> {
    const found = await callStripe(this.pace, () => this.stripe.customers.retrieve(id));
    if (!found.ok) return found;
    return found.value.deleted
      ? refused('customer_deleted', `the Stripe customer ${id} bound to this customer is deleted`)
      : done(id);
  }

  /** By list, which is consistent, and never by search, which lags. */
  private look(metadata: CustomerMetadata, intent: WriteIntent): Promise<Outcome<string | null>> {
    return callStripe(this.pace, async () => {
      const gte = Math.floor(intent.firstAttemptAt.getTime() / 1000) - CLOCK_SKEW_S;
      for await (const found of this.stripe.customers.list({ created: { gte }, limit: 100 })) {
        if (found.metadata['reckoner_customer'] === metadata.reckoner_customer) return found.id;
      }
      return null;
    });
  }
}

interface CustomerMetadata extends Stripe.MetadataParam {
  reckoner_project: string;
  reckoner_customer_id: string;
  /** Identifies the customer across projects. */
  reckoner_customer: string;
}

const metadataOf = (customer: BilledCustomer): CustomerMetadata => ({
  reckoner_project: customer.project,
  reckoner_customer_id: customer.customer,
  reckoner_customer: digestOf(customer),
});

const digestOf = ({ project, customer }: BilledCustomer): string =>
  createHash('sha256')
    .update(JSON.stringify([project, customer]))
    .digest('hex')
    .slice(0, 40);
