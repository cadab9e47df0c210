import { decimalFromCents, decimalFromCharge, type InvoiceLine } from '#invoicing';
import { decimalFromPico } from '#money';
import type { CustomerOutcome, ProjectOutcome } from '../customer-outcome.js';

/** Money is decimal strings of US dollars. */
export interface LineReport {
  provider: string | null;
  model: string | null;
  description: string;
  events: number;
  cost: string;
  charge: string;
  amount: string;
  remainder: string;
}

export interface CustomerReport {
  project: string;
  customer: string | null;
  /** 0 for the invoice of the period; its corrections are numbered from 1. */
  correction: number;
  lines: LineReport[];
  /** What the provider charges for the lines. */
  cost: string;
  /** What the invoice asks: whole cents. */
  amount: string;
  /** The exact charge of what is invoiced less `amount`. */
  remainder: string;
  stripe_invoice: string | null;
  stripe_status: string | null;
  read_back: string | null;
  /** `read_back` less `amount`. */
  difference: string | null;
  /** Exact charge of usage that no invoice of the customer holds: with the first of them alone. */
  unbilled: string;
  unpriced_events: number;
  problem: string | null;
  note: string | null;
}

export interface BillReport {
  period: string;
  /** Null when the run was about more than one. */
  project: string | null;
  customers: CustomerReport[];
  /** The sum of the customers' differences without their signs, so that none hides another. */
  difference: string;
  warnings: string[];
}

/** The wire form of a run's outcomes. */
export function reportBill(period: string, outcomes: readonly ProjectOutcome[]): BillReport {
  const customers = outcomes.flatMap((outcome) =>
    outcome.state === 'billed' ? outcome.customers : [],
  );
  return {
    period,
    project: outcomes.length === 1 ? (outcomes[0]?.project ?? null) : null,
    customers: customers.map(reportCustomer),
    difference: decimalFromCents(sum(customers.map((each) => magnitude(differenceOf(each) ?? 0n)))),
    warnings: [...new Set(outcomes.flatMap(warningsOf))],
  };
}

function reportCustomer(outcome: CustomerOutcome): CustomerReport {
  const { settlement, lines, amountCents } = outcome;
  const difference = differenceOf(outcome);
  const isInvoiced = outcome.customer !== null;
  return {
    project: outcome.project,
    customer: outcome.customer,
    correction: outcome.correction,
    lines: lines.map(reportLine),
    cost: decimalFromPico(sum(lines.map(({ costPico }) => costPico))),
    amount: decimalFromCents(amountCents),
    remainder: decimalFromCharge(isInvoiced ? sum(lines.map(({ remainder }) => remainder)) : 0n),
    stripe_invoice: settlement?.stripeInvoice ?? null,
    stripe_status: settlement?.status ?? null,
    read_back: orNull(settlement?.readBackCents, decimalFromCents),
    difference: orNull(difference, decimalFromCents),
    unbilled: decimalFromCharge(outcome.unbilled),
    unpriced_events: outcome.unpricedEvents,
    problem: settlement?.problem ?? null,
    note: outcome.note,
  };
}

const reportLine = (line: InvoiceLine): LineReport => ({
  provider: line.provider,
  model: line.model,
  description: line.description,
  events: line.events,
  cost: decimalFromPico(line.costPico),
  charge: decimalFromCharge(line.charge),
  amount: decimalFromCents(line.amountCents),
  remainder: decimalFromCharge(line.remainder),
});

function differenceOf({ settlement, amountCents }: CustomerOutcome): bigint | null {
  const readBack = settlement?.readBackCents ?? null;
  return readBack === null ? null : readBack - amountCents;
}

function warningsOf(outcome: ProjectOutcome): string[] {
  const warnings = outcome.warning === null ? [] : [outcome.warning];
  if (outcome.state === 'refused') {
    return [`project ${outcome.project} is not billed: ${outcome.reason}`];
  }
  return outcome.state === 'busy'
    ? [`project ${outcome.project}: another run is billing this period; this one did nothing`]
    : warnings;
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

const orNull = (
  amount: bigint | null | undefined,
  format: (amount: bigint) => string,
): string | null => (amount === null || amount === undefined ? null : format(amount));
