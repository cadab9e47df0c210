import { invalidParameter, refusedState } from './api-error.js';
import { itemsOf } from './invoice-item.js';
import { renderInvoice, totalOf } from './invoice-rendering.js';
import { findInvoice } from './invoices.js';
import type { Call, Route } from './route.js';
import type { Store } from './store.js';
import type { Invoice } from './tables.js';

type Transition = (invoice: Invoice, store: Store) => Partial<Invoice>;

/** A route that moves an invoice on from one of the states in `from`; from any other it is refused, and nothing changes. */
const moveFrom =
  (from: readonly Invoice['status'][], code: string, transition: Transition) =>
  ({ store, id, params }: Call): unknown => {
    if (params.flag('auto_advance') === true) {
      throw invalidParameter(
        'auto_advance',
        'This simulator advances no invoice on its own: auto_advance must be false.',
      );
    }
    params.end();
    const invoice = findInvoice(store, id);
    if (!from.includes(invoice.status)) {
      throw refusedState(
        code,
        `This invoice is ${invoice.status}; it would have to be ${from.join(' or ')}.`,
      );
    }
    return renderInvoice(
      store,
      store.put('invoices', id, { ...invoice, ...transition(invoice, store) }),
    );
  };

const balanceOf = ({ customer }: Invoice, store: Store): number =>
  store.get('customers', customer)?.balance ?? 0;

function moveBalance(invoice: Invoice, store: Store, by: number): void {
  const customer = store.get('customers', invoice.customer);
  if (customer === undefined || by === 0) return;
  store.put('customers', customer.id, { ...customer, balance: (customer.balance ?? 0) + by });
}

/**
 * Gives the invoice its number and freezes it. As at Stripe, one of nothing is paid at once, one below nothing becomes the
 * customer's credit, and credit pays for what it can of a later one.
 */
const finalize: Transition = (invoice, store) => {
  const items = itemsOf(store, invoice.id);
  if (items.length === 0)
    throw refusedState('invoice_no_customer_line_items', 'Nothing to invoice for customer.');
  const total = totalOf(items);
  const starting_balance = balanceOf(invoice, store);
  const ending_balance = Math.min(0, starting_balance + total);
  moveBalance(invoice, store, ending_balance - starting_balance);
  const isPaid = starting_balance + total <= 0;
  const now = store.now();
  const number = `SIM-${String(store.nextInSequence('invoice_number')).padStart(6, '0')}`;
  return {
    starting_balance,
    ending_balance,
    status: isPaid ? 'paid' : 'open',
    number,
    finalized_at: now,
    paid_at: isPaid ? now : null,
  };
};

const pay: Transition = (_, store) => ({ status: 'paid', paid_at: store.now() });
/** Credit that was spent on it is given back. */
const voidOut: Transition = (invoice, store) => {
  const { starting_balance = 0, ending_balance = 0 } = invoice;
  moveBalance(invoice, store, starting_balance - ending_balance);
  return { status: 'void', voided_at: store.now() };
};
const writeOff: Transition = (_, store) => ({
  status: 'uncollectible',
  marked_uncollectible_at: store.now(),
});

export const invoiceTransitionRoutes: readonly Route[] = [
  ['POST /v1/invoices/:id/finalize', moveFrom(['draft'], 'invoice_not_editable', finalize)],
  ['POST /v1/invoices/:id/pay', moveFrom(['open', 'uncollectible'], 'invoice_not_payable', pay)],
  [
    'POST /v1/invoices/:id/void',
    moveFrom(['open', 'uncollectible'], 'invoice_not_voidable', voidOut),
  ],
  ['POST /v1/invoices/:id/mark_uncollectible', moveFrom(['open'], 'invoice_not_open', writeOff)],
];
