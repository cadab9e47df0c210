import { createHash } from 'node:crypto';
import type { Stripe } from 'stripe';
import { callStripe, steadyPace, type Pace } from './call-stripe.js';
import { done, refused, type Outcome } from './stripe-outcome.js';
import { writeOnce, type WriteIntents } from './write-once.js';

/** What is to be invoiced. `id` is ours, stands in the metadata, and is how an invoice is found again. */
export interface InvoiceDraft {
  readonly id: string;
  readonly runKey: string;
  readonly customer: string;
  readonly stripeCustomer: string;
  readonly description: string;
  readonly period: { readonly start: Date; readonly end: Date };
}

export interface DraftLine {
  /** Unique within the invoice; how a line is found again. */
  readonly lineKey: string;
  readonly description: string;
  readonly amountCents: bigint;
}

/** An invoice as Stripe has it. */
export interface StripeInvoice {
  readonly id: string;
  readonly status: string;
  readonly number: string | null;
  readonly totalCents: bigint;
}

const CURRENCY = 'usd';

export class StripeInvoices {
  constructor(
    private readonly stripe: Stripe,
    private readonly intents: WriteIntents,
    private readonly pace: Pace = steadyPace,
  ) {}

  /** The draft for `draft.id`, made once: one made by an earlier attempt is found and adopted. */
  createDraft(draft: InvoiceDraft): Promise<Outcome<StripeInvoice>> {
    return writeOnce(
      { intents: this.intents, pace: this.pace },
      {
        name: `invoice:${draft.id}:create`,
        look: () => this.findByOurId(draft),
        write: async (idempotencyKey) =>
          invoiceOf(
            await this.stripe.invoices.create(
              {
                customer: draft.stripeCustomer,
                currency: CURRENCY,
                auto_advance: false,
                pending_invoice_items_behavior: 'exclude',
                description: draft.description,
                metadata: {
                  reckoner_invoice: draft.id,
                  run_key: draft.runKey,
                  customer: draft.customer,
                },
              },
              { idempotencyKey },
            ),
          ),
      },
    );
  }

  /** Adds those of `lines` that the draft does not have yet, in one call, so that all of them come or none. */
  async addMissingLines(
    invoice: string,
    { id, period }: Pick<InvoiceDraft, 'id' | 'period'>,
    lines: readonly DraftLine[],
  ): Promise<Outcome<'complete'>> {
    const missing = await this.missingLines(invoice, lines);
    if (!missing.ok) return missing;
    if (missing.value.length === 0) return done('complete');
    const tooLarge = missing.value.find((line) => !isExactAsNumber(line.amountCents));
    if (tooLarge !== undefined) {
      return refused(
        'amount_too_large',
        `line ${tooLarge.lineKey} is more than Stripe can be asked for`,
      );
    }
    const params: Stripe.InvoiceAddLinesParams = {
      lines: missing.value.map((line) => ({
        amount: Number(line.amountCents),
        description: line.description,
        metadata: { line_key: line.lineKey },
        period: { start: unixSeconds(period.start), end: unixSeconds(period.end) },
      })),
    };
    return writeOnce<'complete'>(
      { intents: this.intents, pace: this.pace },
      {
        // Another set of missing lines is another write: a key never carries two bodies.
        name: `invoice:${id}:lines:${digestOf(missing.value)}`,
        look: async () => {
          const still = await this.missingLines(invoice, missing.value);
          return still.ok ? done(still.value.length === 0 ? 'complete' : null) : still;
        },
        write: async (idempotencyKey) => {
          await this.stripe.invoices.addLines(invoice, params, { idempotencyKey });
          return 'complete';
        },
      },
    );
  }

  /** Finalizes a draft. One that is finalized already is given as it is. */
  finalize(invoice: string, id: string): Promise<Outcome<StripeInvoice>> {
    return writeOnce(
      { intents: this.intents, pace: this.pace },
      {
        name: `invoice:${id}:finalize`,
        look: async () => {
          const now = await this.read(invoice);
          return now.ok && now.value.status === 'draft' ? done(null) : now;
        },
        write: async (idempotencyKey) =>
          invoiceOf(
            await this.stripe.invoices.finalizeInvoice(
              invoice,
              { auto_advance: false },
              { idempotencyKey },
            ),
          ),
      },
    );
  }

  read(invoice: string): Promise<Outcome<StripeInvoice>> {
    return callStripe(this.pace, async () =>
      invoiceOf(await this.stripe.invoices.retrieve(invoice)),
    );
  }

  private findByOurId(draft: InvoiceDraft): Promise<Outcome<StripeInvoice | null>> {
    return callStripe(this.pace, async () => {
      for await (const found of this.stripe.invoices.list({
        customer: draft.stripeCustomer,
        limit: 100,
      })) {
        if (found.metadata?.['reckoner_invoice'] === draft.id) return invoiceOf(found);
      }
      return null;
    });
  }

  /** Refuses a line that is there with another amount: someone has edited the draft. */
  private async missingLines(
    invoice: string,
    lines: readonly DraftLine[],
  ): Promise<Outcome<DraftLine[]>> {
    const present = await callStripe(this.pace, async () => {
      const amounts = new Map<string, bigint>();
      for await (const line of this.stripe.invoices.listLineItems(invoice, { limit: 100 })) {
        const lineKey = line.metadata['line_key'];
        if (lineKey !== undefined) amounts.set(lineKey, BigInt(line.amount));
      }
      return amounts;
    });
    if (!present.ok) return present;
    const edited = lines.find(
      ({ lineKey, amountCents }) => (present.value.get(lineKey) ?? amountCents) !== amountCents,
    );
    if (edited !== undefined) {
      return refused('line_edited', `line ${edited.lineKey} of ${invoice} was changed at Stripe`);
    }
    return done(lines.filter(({ lineKey }) => !present.value.has(lineKey)));
  }
}

const invoiceOf = (invoice: Stripe.Invoice): StripeInvoice => ({
  id: invoice.id,
  status: invoice.status ?? 'draft',
  number: invoice.number,
  totalCents: BigInt(invoice.total),
});

/** Stripe takes whole cents as a JSON number, which is exact up to 2^53. */
const isExactAsNumber = (cents: bigint): boolean => Number.isSafeInteger(Number(cents));

const unixSeconds = (time: Date): number => Math.floor(time.getTime() / 1000);

const digestOf = (lines: readonly DraftLine[]): string =>
  createHash('sha256')
    .update(JSON.stringify(lines.map(({ lineKey, amountCents }) => [lineKey, String(amountCents)])))
    .digest('hex')
    .slice(0, 16);
