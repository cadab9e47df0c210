import type { InvoiceLine } from '#invoicing';

/** What stands at Stripe for a frozen invoice. */
export interface Settlement {
  readonly stripeInvoice: string | null;
  readonly status: string | null;
  /** What the invoice asks, read from Stripe; null when it could not be read. */
  readonly readBackCents: bigint | null;
  /** Why this is not the whole bill, finalized; null when it is. A later run takes it up from where it stands. */
  readonly problem: string | null;
}

/** What came of billing one customer, or, with `customer` null, of usage that names none. */
export interface CustomerOutcome {
  readonly project: string;
  readonly customer: string | null;
  /** 0 for the invoice of the period; its corrections are numbered from 1. */
  readonly correction: number;
  /** As they are invoiced or, where nothing can be invoiced or only a preview was asked for, as they would be. */
  readonly lines: readonly InvoiceLine[];
  readonly amountCents: bigint;
  /** Exact charge of usage that no invoice of the customer holds, told with the first of them alone, in units of `libs/invoicing`. */
  readonly unbilled: bigint;
  /** Of the whole period, told in the same way. */
  readonly unpricedEvents: number;
  /** Null when nothing was to be settled: a preview, no customer, or no event with a price. */
  readonly settlement: Settlement | null;
  /** What a reader should know; nothing failed. */
  readonly note: string | null;
}

export type ProjectOutcome = {
  readonly project: string;
  readonly warning: string | null;
} & (
  | {
      readonly state: 'billed';
      /** Whether the period was over and stored. */
      readonly isClosed: boolean;
      readonly customers: readonly CustomerOutcome[];
    }
  /** Another runner is billing the same project and period. */
  | { readonly state: 'busy' }
  | { readonly state: 'refused'; readonly reason: string }
);
