export type Metadata = Record<string, string>;

export interface Customer {
  readonly id: string;
  readonly object: 'customer';
  readonly created: number;
  readonly email: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly phone: string | null;
  readonly metadata: Metadata;
  /** Minor units, below zero what the customer has to its credit; absent in what was stored before there were any. */
  readonly balance?: number;
  /** A deleted customer stays, as Stripe's do, but is in no list and can't be invoiced. */
  readonly deleted?: true;
}

export interface Product {
  readonly id: string;
  readonly object: 'product';
  readonly created: number;
  readonly updated: number;
  readonly name: string;
  readonly active: boolean;
  readonly description: string | null;
  readonly unit_label: string | null;
  readonly metadata: Metadata;
}

export interface Price {
  readonly id: string;
  readonly object: 'price';
  readonly created: number;
  readonly active: boolean;
  readonly currency: string;
  readonly lookup_key: string | null;
  readonly metadata: Metadata;
  readonly nickname: string | null;
  readonly product: string;
  readonly unit_amount: number | null;
  readonly unit_amount_decimal: string;
}

export interface Invoice {
  readonly id: string;
  readonly created: number;
  readonly customer: string;
  readonly currency: string;
  readonly status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
  readonly collection_method: 'charge_automatically' | 'send_invoice';
  readonly days_until_due: number | null;
  readonly description: string | null;
  readonly footer: string | null;
  readonly metadata: Metadata;
  /** Given at finalization. */
  readonly number: string | null;
  readonly finalized_at: number | null;
  /** The customer's balance before and after; absent before finalization. */
  readonly starting_balance?: number;
  readonly ending_balance?: number;
  readonly paid_at: number | null;
  readonly voided_at: number | null;
  readonly marked_uncollectible_at: number | null;
}

/** An item of an invoice or, with `invoice` null, one waiting for the customer's next invoice. On an invoice it is also a line. */
export interface InvoiceItem {
  readonly id: string;
  /** The id of the line that shows this item on its invoice. */
  readonly line_id: string;
  readonly created: number;
  readonly customer: string;
  readonly invoice: string | null;
  /** Whole minor units. */
  readonly amount: number;
  readonly quantity: string;
  readonly unit_amount_decimal: string;
  readonly price: string | null;
  readonly currency: string;
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly period: { readonly start: number; readonly end: number };
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What an idempotency key was first used for, and what was answered. */
export interface SavedAnswer {
  readonly fingerprint: string;
  readonly answer: Answer;
  readonly created: number;
}

/** All that the simulator keeps, by table. */
export interface Tables {
  customers: Customer;
  products: Product;
  prices: Price;
  invoices: Invoice;
  invoice_items: InvoiceItem;
  saved_answers: SavedAnswer;
  clock: { readonly offset_seconds: number };
  sequences: { readonly last: number };
}
