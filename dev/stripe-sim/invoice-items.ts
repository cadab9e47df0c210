import { noSuchObject } from './api-error.js';
import { liveCustomer } from './customers.js';
import { addItem, assertEditable, readItemDetails, renderPricing } from './invoice-item.js';
import { createdFilter, cutPage } from './list-page.js';
import type { Call, Route } from './route.js';
import type { Store } from './store.js';
import type { InvoiceItem } from './tables.js';

const CONSTANT_FIELDS = {
  object: 'invoiceitem',
  customer_account: null,
  discountable: true,
  discounts: [],
  livemode: false,
  parent: null,
  proration: false,
  tax_rates: [],
  test_clock: null,
};

const render = (store: Store, item: InvoiceItem): unknown => ({
  ...CONSTANT_FIELDS,
  id: item.id,
  amount: item.amount,
  currency: item.currency,
  customer: item.customer,
  date: item.created,
  description: item.description,
  invoice: item.invoice,
  metadata: item.metadata,
  net_amount: item.amount,
  period: item.period,
  pricing: renderPricing(store, item),
  quantity: Math.trunc(Number(item.quantity)),
  quantity_decimal: item.quantity,
});

function findItem(store: Store, id: string): InvoiceItem {
  const item = store.get('invoice_items', id);
  if (item === undefined) throw noSuchObject('invoiceitem', id);
  return item;
}

function create({ store, params }: Call): unknown {
  const customer = liveCustomer(store, params.requiredText('customer'), 'customer').id;
  const id = params.text('invoice') ?? null;
  if (id === null) {
    return render(
      store,
      addItem(store, { customer, invoice: null }, readItemDetails(store, params, {})),
    );
  }
  const invoice = store.get('invoices', id);
  if (invoice?.customer !== customer) throw noSuchObject('invoice', id, 'invoice');
  return render(
    store,
    addItem(store, { customer, invoice: id }, readItemDetails(store, params, invoice)),
  );
}

function retrieve({ store, id, params }: Call): unknown {
  params.end();
  return render(store, findItem(store, id));
}

function update({ store, id, params }: Call): unknown {
  const item = findItem(store, id);
  assertEditable(store, item);
  const details = readItemDetails(store, params, { currency: item.currency, current: item });
  return render(store, store.put('invoice_items', id, { ...item, ...details }));
}

function remove({ store, id, params }: Call): unknown {
  params.end();
  assertEditable(store, findItem(store, id));
  store.remove('invoice_items', id);
  return { id, object: 'invoiceitem', deleted: true };
}

function list({ store, params }: Call): unknown {
  const customer = params.text('customer') ?? undefined;
  const invoice = params.text('invoice') ?? undefined;
  const pending = params.flag('pending');
  const isCreated = createdFilter(params);
  const rows = store
    .newestFirst('invoice_items')
    .filter((item) => isCreated(item) && (customer === undefined || item.customer === customer))
    .filter((item) => invoice === undefined || item.invoice === invoice)
    .filter((item) => pending === undefined || pending === (item.invoice === null));
  const page = cutPage(rows, params, '/v1/invoiceitems');
  params.end();
  return { ...page, data: page.data.map((item) => render(store, item)) };
}

export const invoiceItemRoutes: readonly Route[] = [
  ['POST /v1/invoiceitems', create],
  ['GET /v1/invoiceitems', list],
  ['GET /v1/invoiceitems/:id', retrieve],
  ['POST /v1/invoiceitems/:id', update],
  ['DELETE /v1/invoiceitems/:id', remove],
];
