import { itemsOf, renderPricing } from './invoice-item.js';
import type { Store } from './store.js';
import type { Invoice, InvoiceItem } from './tables.js';

/** What Stripe always sends and the simulator does not keep. */
const INVOICE_CONSTANTS = {
  object: 'invoice',
  account_country: 'US',
  account_name: 'Reckoner simulator',
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_shipping: 0,
  application: null,
  auto_advance: false,
  automatic_tax: {
    disabled_reason: null,
    enabled: false,
    liability: null,
    provider: null,
    status: null,
  },
  automatically_finalizes_at: null,
  billing_reason: 'manual',
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: 'none',
  customer_tax_ids: [],
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  next_payment_attempt: null,
  on_behalf_of: null,
  parent: null,
  payment_settings: {
    default_mandate: null,
    payment_method_options: null,
    payment_method_types: null,
  },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  statement_descriptor: null,
  test_clock: null,
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  total_taxes: [],
  webhooks_delivered_at: null,
};

const LINE_CONSTANTS = {
  object: 'line_item',
  discount_amounts: [],
  discountable: true,
  discounts: [],
  livemode: false,
  pretax_credit_amounts: [],
  subscription: null,
  taxes: [],
};

const EMBEDDED_LINES_MAX = 10;

export const renderLine = (store: Store, item: InvoiceItem) => ({
  ...LINE_CONSTANTS,
  id: item.line_id,
  amount: item.amount,
  currency: item.currency,
  description: item.description,
  invoice: item.invoice,
  metadata: item.metadata,
  parent: {
    type: 'invoice_item_details',
    invoice_item_details: {
      invoice_item: item.id,
      proration: false,
      proration_details: null,
      subscription: null,
    },
    subscription_item_details: null,
  },
  period: item.period,
  pricing: renderPricing(store, item),
  quantity: Math.trunc(Number(item.quantity)),
  quantity_decimal: item.quantity,
  subtotal: item.amount,
});

export const totalOf = (items: readonly InvoiceItem[]): number =>
  items.reduce((sum, item) => sum + item.amount, 0);

/** The invoice as Stripe sends it: the totals of its lines, and the first ten of them. */
export function renderInvoice(store: Store, invoice: Invoice): unknown {
  const items = itemsOf(store, invoice.id);
  const customer = store.get('customers', invoice.customer);
  const total = totalOf(items);
  const { starting_balance = 0 } = invoice;
  const amountDue = Math.max(0, total + starting_balance);
  const amountPaid = invoice.status === 'paid' ? amountDue : 0;
  return {
    ...INVOICE_CONSTANTS,
    id: invoice.id,
    amount_due: amountDue,
    amount_paid: amountPaid,
    amount_remaining: amountDue - amountPaid,
    attempt_count: invoice.paid_at === null || amountDue === 0 ? 0 : 1,
    attempted: invoice.paid_at !== null,
    collection_method: invoice.collection_method,
    created: invoice.created,
    currency: invoice.currency,
    customer: invoice.customer,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    description: invoice.description,
    due_date: dueDateOf(invoice),
    effective_at: invoice.finalized_at,
    starting_balance,
    ending_balance: invoice.finalized_at === null ? null : (invoice.ending_balance ?? 0),
    footer: invoice.footer,
    lines: {
      object: 'list',
      data: items.slice(0, EMBEDDED_LINES_MAX).map((item) => renderLine(store, item)),
      has_more: items.length > EMBEDDED_LINES_MAX,
      url: `/v1/invoices/${invoice.id}/lines`,
    },
    metadata: invoice.metadata,
    number: invoice.number,
    period_end: invoice.created,
    period_start: invoice.created,
    status: invoice.status,
    status_transitions: {
      finalized_at: invoice.finalized_at,
      marked_uncollectible_at: invoice.marked_uncollectible_at,
      paid_at: invoice.paid_at,
      voided_at: invoice.voided_at,
    },
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
  };
}

const dueDateOf = ({
  days_until_due: days,
  finalized_at: finalizedAt,
  created,
}: Invoice): number | null => (days === null ? null : (finalizedAt ?? created) + days * 24 * 3600);
