import { Injectable } from '@nestjs/common';
import {
  amountOf,
  type BillingPeriod,
  correctionLines,
  type InvoiceLine,
  invoiceLines,
  parseMarkup,
  type UsageTotal,
} from '#invoicing';
import type { FrozenInvoice, InvoicePlan } from '#postgres';
import { BillingSink, type Payer } from './billing.sink.js';
import type { CustomerOutcome } from './customer-outcome.js';
import { unbilledCharge } from './steps/unbilled-charge.js';

/** What is the same for all customers of a project's run. */
export interface ProjectTerms {
  readonly project: string;
  readonly period: BillingPeriod;
  /** Of invoices that are frozen now: the decimal string, and the same as a number. */
  readonly markup: { readonly text: string; readonly value: bigint };
  readonly dryRun: boolean;
  /** Whether the period is over and stored: only then is what came since billing corrected. */
  readonly isClosed: boolean;
  readonly storedTo: Record<string, string>;
}

export interface CustomerBill {
  readonly customer: string;
  /** Read after `earlier` was: whatever is frozen there is in it. */
  readonly usage: readonly UsageTotal[];
  /** The invoice of the period and its corrections so far, in order. */
  readonly earlier: readonly FrozenInvoice[];
  readonly payer: Payer;
}

/** One customer's period: what is frozen is settled, and what no invoice holds yet is frozen and settled in its turn. */
@Injectable()
export class CustomerBilling {
  constructor(private readonly sink: BillingSink) {}

  /** An outcome for each invoice, the corrections after the first; for a customer without one, why there is none. */
  async bill(terms: ProjectTerms, bill: CustomerBill): Promise<CustomerOutcome[]> {
    const { usage, earlier, payer } = bill;
    const outcomes: CustomerOutcome[] = [];
    for (const invoice of earlier) outcomes.push(await this.settle(terms, invoice, payer));
    const markup = earlier[0] === undefined ? terms.markup : frozenMarkup(earlier[0]);
    for (;;) {
      const held = outcomes.flatMap(({ lines }) => lines);
      const lines = nextLines(terms, usage, outcomes, markup.value);
      if (lines.length === 0) return withRest(terms, bill, outcomes, held, markup.value);
      const plan = planOf(terms, bill.customer, outcomes.length, markup.text, lines);
      if (terms.dryRun) {
        outcomes.push(outcomeOf(plan));
        continue;
      }
      const { frozen, isOurs } = await this.sink.freeze(plan);
      outcomes.push(await this.settle(terms, frozen, payer));
      // Another run is at work, on usage that may be newer: what is left is for whoever comes after both.
      if (!isOurs) return withRest(terms, bill, outcomes, [...held, ...frozen.lines], markup.value);
    }
  }

  private async settle(
    { dryRun, period }: ProjectTerms,
    invoice: FrozenInvoice,
    payer: Payer,
  ): Promise<CustomerOutcome> {
    if (!dryRun)
      return { ...outcomeOf(invoice), settlement: await this.sink.settle(invoice, payer, period) };
    if (invoice.stripeInvoice === null) return outcomeOf(invoice);
    return { ...outcomeOf(invoice), settlement: await this.sink.readBack(invoice.stripeInvoice) };
  }
}

/** The lines of the customer's next invoice; none when there is nothing to ask, or not yet. */
function nextLines(
  { period, isClosed }: ProjectTerms,
  usage: readonly UsageTotal[],
  outcomes: readonly CustomerOutcome[],
  markup: bigint,
): InvoiceLine[] {
  if (outcomes.length === 0) return invoiceLines(usage, markup);
  // What is not settled may yet turn out to be void: nothing is built on it.
  const isSettled = outcomes.every(({ settlement }) => (settlement?.problem ?? null) === null);
  if (!isClosed || !isSettled) return [];
  const frozen = outcomes.flatMap(({ lines }) => lines);
  return correctionLines(period.name, usage, frozen, markup);
}

/** The outcomes with what no invoice holds, told once, with the first. */
function withRest(
  { project }: ProjectTerms,
  { customer, usage }: CustomerBill,
  outcomes: readonly CustomerOutcome[],
  held: readonly InvoiceLine[],
  markup: bigint,
): CustomerOutcome[] {
  const unpricedEvents = usage.reduce((count, total) => count + total.unpricedEvents, 0);
  const rest = { unbilled: unbilledCharge(usage, held, markup), unpricedEvents };
  const [first, ...corrections] = outcomes;
  if (first !== undefined) return [{ ...first, ...rest }, ...corrections];
  const note = 'no usage with a known price: there is nothing to invoice yet';
  return [{ ...outcomeOf({ project, customer, correction: 0, lines: [] }), ...rest, note }];
}

const planOf = (
  { project, period, storedTo }: ProjectTerms,
  customer: string,
  correction: number,
  markup: string,
  lines: readonly InvoiceLine[],
): InvoicePlan => ({ project, customer, period: period.name, correction, markup, storedTo, lines });

const outcomeOf = ({
  project,
  customer,
  correction,
  lines,
}: Pick<InvoicePlan, 'project' | 'customer' | 'correction' | 'lines'>): CustomerOutcome => ({
  project,
  customer,
  correction,
  lines,
  amountCents: amountOf(lines),
  unbilled: 0n,
  unpricedEvents: 0,
  settlement: null,
  note: null,
});

/** Corrections are worked out as the invoice was, so that another markup changes nothing that was asked. */
function frozenMarkup({ id, markup }: FrozenInvoice): ProjectTerms['markup'] {
  const value = parseMarkup(markup);
  if (value === null) throw new Error(`invoice ${id} was frozen with no markup`);
  return { text: markup, value };
}
