import { invalidParameter, missingParameter, noSuchObject, notEditable } from './api-error.js';
import { liveCustomer } from './customers.js';
import { itemsOf } from './invoice-item.js';
import { renderInvoice } from './invoice-rendering.js';
import { createdFilter, cutPage } from './list-page.js';
import type { RequestParams } from './request-params.js';
import type { Call, Route } from './route.js';
import { searchRows } from './search-query.js';
import type { Store } from './store.js';
import type { Invoice } from './tables.js';

type Details = Pick<
  Invoice,
  'collection_method' | 'days_until_due' | 'description' | 'footer' | 'metadata'
>;

export function findInvoice(store: Store, id: string): Invoice {
  const invoice = store.get('invoices', id);
  if (invoice === undefined) throw noSuchObject('invoice', id);
  return invoice;
}

/** A finalized invoice is immutable, and only a draft can be deleted. */
export function findDraft(store: Store, id: string): Invoice {
  const invoice = findInvoice(store, id);
  if (invoice.status !== 'draft')
    throw notEditable(`This invoice is no longer editable: it is ${invoice.status}.`);
  return invoice;
}

function readDetails(params: RequestParams, current: Details): Details {
  if (params.flag('auto_advance') === true) {
    throw invalidParameter(
      'auto_advance',
      'This simulator finalizes no invoice on its own: auto_advance must be false.',
    );
  }
  const [description, footer] = [params.text('description'), params.text('footer')];
  const details: Details = {
    collection_method:
      params.oneOf('collection_method', ['charge_automatically', 'send_invoice']) ??
      current.collection_method,
    days_until_due: params.integer('days_until_due') ?? current.days_until_due,
    description: description === undefined ? current.description : description,
    footer: footer === undefined ? current.footer : footer,
    metadata: params.metadata(current.metadata),
  };
  params.end();
  if (details.collection_method === 'send_invoice' && details.days_until_due === null)
    throw missingParameter('days_until_due');
  return details;
}

const newDetails: Details = {
  collection_method: 'charge_automatically',
  days_until_due: null,
  description: null,
  footer: null,
  metadata: {},
};
const NO_TRANSITIONS = {
  number: null,
  finalized_at: null,
  paid_at: null,
  voided_at: null,
  marked_uncollectible_at: null,
};

function create({ store, params }: Call): unknown {
  const customer = liveCustomer(store, params.requiredText('customer'), 'customer').id;
  const currency = (params.text('currency') ?? 'usd').toLowerCase();
  const includePending =
    params.oneOf('pending_invoice_items_behavior', ['include', 'exclude']) === 'include';
  const details = readDetails(params, newDetails);
  const id = store.newId('in');
  const invoice = store.put('invoices', id, {
    id,
    created: store.now(),
    customer,
    currency,
    status: 'draft',
    ...NO_TRANSITIONS,
    ...details,
  });
  if (includePending) adoptPendingItems(store, invoice);
  return renderInvoice(store, invoice);
}

function adoptPendingItems(store: Store, invoice: Invoice): void {
  for (const item of store.newestFirst('invoice_items')) {
    if (
      item.invoice === null &&
      item.customer === invoice.customer &&
      item.currency === invoice.currency
    ) {
      store.put('invoice_items', item.id, { ...item, invoice: invoice.id });
    }
  }
}

function retrieve({ store, id, params }: Call): unknown {
  params.end();
  return renderInvoice(store, findInvoice(store, id));
}

function update({ store, id, params }: Call): unknown {
  const invoice = findDraft(store, id);
  return renderInvoice(
    store,
    store.put('invoices', id, { ...invoice, ...readDetails(params, invoice) }),
  );
}

/** Deleting a draft sends its items away with it. */
function remove({ store, id, params }: Call): unknown {
  params.end();
  findDraft(store, id);
  for (const item of itemsOf(store, id)) store.remove('invoice_items', item.id);
  store.remove('invoices', id);
  return { id, object: 'invoice', deleted: true };
}

function list({ store, params }: Call): unknown {
  const customer = params.text('customer') ?? undefined;
  const status = params.oneOf('status', ['draft', 'open', 'paid', 'uncollectible', 'void']);
  const isCreated = createdFilter(params);
  const rows = store
    .newestFirst('invoices')
    .filter((invoice) => isCreated(invoice) && (customer ?? invoice.customer) === invoice.customer)
    .filter((invoice) => (status ?? invoice.status) === invoice.status);
  const page = cutPage(rows, params, '/v1/invoices');
  params.end();
  return { ...page, data: page.data.map((invoice) => renderInvoice(store, invoice)) };
}

function search({ store, params }: Call): unknown {
  const found = searchRows(
    store.newestFirst('invoices').map((invoice) => ({ ...invoice })),
    ['customer', 'status', 'currency', 'number'],
    params,
    '/v1/invoices/search',
  );
  return { ...found, data: found.data.map((invoice) => renderInvoice(store, invoice)) };
}

export const invoiceRoutes: readonly Route[] = [
  ['POST /v1/invoices', create],
  ['GET /v1/invoices', list],
  ['GET /v1/invoices/search', search],
  ['GET /v1/invoices/:id', retrieve],
  ['POST /v1/invoices/:id', update],
  ['DELETE /v1/invoices/:id', remove],
];
