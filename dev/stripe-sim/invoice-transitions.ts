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

/** Gives the invoice its number and freezes it. An invoice of nothing is paid at once, as at Stripe. */
const finalize: Transition = (invoice, store) => {
  const items = itemsOf(store, invoice.id);
  if (items.length === 0)
    throw refusedState('invoice_no_customer_line_items', 'Nothing to invoice for customer.');
  const total = totalOf(items);
  if (total < 0)
    throw refusedState(
      'customer_balance_unsupported',
      'This simulator keeps no customer balance for a negative total.',
    );
  const now = store.now();
  const number = `SIM-${String(store.nextInSequence('invoice_number')).padStart(6, '0')}`;
  return {
    status: total === 0 ? 'paid' : 'open',
    number,
    finalized_at: now,
    paid_at: total === 0 ? now : null,
  };
};

const pay: Transition = (_, store) => ({ status: 'paid', paid_at: store.now() });
const voidOut: Transition = (_, store) => ({ status: 'void', voided_at: store.now() });
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
