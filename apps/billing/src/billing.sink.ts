import { Injectable } from '@nestjs/common';
import { amountOf, type BillingPeriod } from '#invoicing';
import { Clock, failpoint } from '#platform';
import type { FrozenInvoice, InvoicePlan } from '#postgres';
import { BilledPartyWrites, type FreezeOutcome, InvoiceWrites } from '#postgres/writes';
import type { StripeInvoice, Trouble } from '#stripe';
import { StripeCustomers, StripeInvoices } from '#stripe/writes';
import type { Settlement } from './customer-outcome.js';

/** Stripe refused the key: the same would come of every other customer, so the run stops. */
export class StripeKeyRefused extends Error {}

/** Whom an invoice goes to. */
export interface Payer {
  readonly name: string | null;
  readonly email: string | null;
  readonly stripeCustomer: string | null;
}

/**
 * The only place that writes, in this order. Each write can be repeated after a crash anywhere:
 *
 * 1. Freeze: the invoice and its lines in PostgreSQL, before Stripe hears of them. One row a customer, period and correction, for
 *    ever.
 * 2. The customer at Stripe, bound to ours in PostgreSQL.
 * 3. The draft, found by our id in its metadata when its own id was not stored in time; then its id in PostgreSQL.
 * 4. The lines, all in one call; those that are there already are not sent again.
 * 5. Finalizing, and only when the draft's total is ours to the cent.
 * 6. The date of finalizing in PostgreSQL: later runs only read back.
 */
@Injectable()
export class BillingSink {
  constructor(
    private readonly parties: BilledPartyWrites,
    private readonly invoices: InvoiceWrites,
    private readonly stripeCustomers: StripeCustomers,
    private readonly stripeInvoices: StripeInvoices,
    private readonly clock: Clock,
  ) {}

  async freeze(plan: InvoicePlan): Promise<FreezeOutcome> {
    const frozen = await this.invoices.freeze(plan);
    failpoint('billing.frozen');
    return frozen;
  }

  /** Brings a frozen invoice to its end at Stripe and reads it back. Stripe's troubles come back as the settlement's problem. */
  async settle(invoice: FrozenInvoice, payer: Payer, period: BillingPeriod): Promise<Settlement> {
    if (invoice.finalizedAt !== null && invoice.stripeInvoice !== null) {
      return this.readBack(invoice.stripeInvoice);
    }
    const draft = await this.draft(invoice, payer, period);
    if ('problem' in draft) return draft;
    if (draft.status !== 'draft') return this.conclude(invoice, draft);

    const lines = await this.stripeInvoices.addMissingLines(
      draft.id,
      { id: invoice.id, period },
      invoice.lines,
    );
    if (!lines.ok) return failed(draft.id, lines.trouble);
    failpoint('billing.lines_added');

    const filled = await this.stripeInvoices.read(draft.id);
    if (!filled.ok) return failed(draft.id, filled.trouble);
    if (filled.value.totalCents !== amountOf(invoice.lines)) {
      const problem = 'the draft at Stripe has another total than the lines: it is not finalized';
      return { ...settlementOf(filled.value), problem };
    }
    const finalized = await this.stripeInvoices.finalize(draft.id, invoice.id);
    if (!finalized.ok) return failed(draft.id, finalized.trouble);
    failpoint('billing.finalized');
    return this.conclude(invoice, finalized.value);
  }

  /** What stands at Stripe; writes nothing. */
  async readBack(stripeInvoice: string): Promise<Settlement> {
    const read = await this.stripeInvoices.read(stripeInvoice);
    return read.ok ? settlementOf(read.value) : failed(stripeInvoice, read.trouble);
  }

  private async draft(
    invoice: FrozenInvoice,
    payer: Payer,
    period: BillingPeriod,
  ): Promise<StripeInvoice | Settlement> {
    if (invoice.stripeInvoice !== null) {
      const read = await this.stripeInvoices.read(invoice.stripeInvoice);
      return read.ok ? read.value : failed(invoice.stripeInvoice, read.trouble);
    }
    const { project, customer, correction } = invoice;
    const found = await this.stripeCustomers.findOrCreate({ project, customer, ...payer });
    if (!found.ok) return failed(null, found.trouble);
    failpoint('billing.customer_created');
    await this.parties.bindStripeCustomer(project, customer, found.value);

    const draft = await this.stripeInvoices.createDraft({
      id: invoice.id,
      runKey: `${project}:${period.name}${correction === 0 ? '' : `:${correction}`}`,
      customer,
      stripeCustomer: found.value,
      description: describeInvoice(correction, period),
      period,
    });
    if (!draft.ok) return failed(null, draft.trouble);
    failpoint('billing.draft_created');
    await this.invoices.bindStripeInvoice(invoice.id, draft.value.id);
    failpoint('billing.draft_stored');
    return draft.value;
  }

  private async conclude(invoice: FrozenInvoice, finalized: StripeInvoice): Promise<Settlement> {
    await this.invoices.markFinalized(invoice.id, new Date(this.clock.now()));
    return this.readBack(finalized.id);
  }
}

function describeInvoice(correction: number, { name }: BillingPeriod): string {
  return correction === 0
    ? `Usage of ${name} (UTC)`
    : `Correction ${correction} of the usage of ${name} (UTC)`;
}

/** A void invoice asks for nothing, whatever its lines say. */
const settlementOf = ({ id, status, totalCents }: StripeInvoice): Settlement => ({
  stripeInvoice: id,
  status,
  readBackCents: status === 'void' ? 0n : totalCents,
  problem: status === 'void' ? 'the invoice was voided at Stripe' : null,
});

function failed(stripeInvoice: string | null, { kind, message }: Trouble): Settlement {
  if (kind === 'unauthorised') throw new StripeKeyRefused(`Stripe refuses the key: ${message}`);
  return {
    stripeInvoice,
    status: null,
    readBackCents: null,
    problem: `Stripe: ${message} (${kind})`,
  };
}
