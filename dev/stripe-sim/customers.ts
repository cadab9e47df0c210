import { noSuchObject } from './api-error.js';
import { createdFilter, cutPage } from './list-page.js';
import type { RequestParams } from './request-params.js';
import type { Call, Route } from './route.js';
import { searchRows } from './search-query.js';
import type { Store } from './store.js';
import type { Customer } from './tables.js';

type Details = Omit<Customer, 'id' | 'object' | 'created' | 'balance' | 'deleted'>;

/** What Stripe always sends and the simulator does not keep. */
const CONSTANT_FIELDS = {
  address: null,
  currency: null,
  default_source: null,
  delinquent: false,
  discount: null,
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  livemode: false,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
};

const render = (customer: Customer): unknown =>
  customer.deleted ? { id: customer.id, object: 'customer', deleted: true } : withBalance(customer);

const withBalance = (customer: Customer) => ({ balance: 0, ...customer, ...CONSTANT_FIELDS });

/** A customer that can be invoiced. Throws Stripe's 404 for one that is unknown or deleted. */
export function liveCustomer(store: Store, id: string, param = 'id'): Customer {
  const customer = store.get('customers', id);
  if (customer === undefined || customer.deleted) throw noSuchObject('customer', id, param);
  return customer;
}

function readDetails(params: RequestParams, current: Details): Details {
  const read = (name: 'email' | 'name' | 'description' | 'phone'): string | null => {
    const value = params.text(name);
    return value === undefined ? current[name] : value;
  };
  const details = {
    email: read('email'),
    name: read('name'),
    description: read('description'),
    phone: read('phone'),
    metadata: params.metadata(current.metadata),
  };
  params.end();
  return details;
}

function create({ store, params }: Call): unknown {
  const details = readDetails(params, {
    email: null,
    name: null,
    description: null,
    phone: null,
    metadata: {},
  });
  const id = store.newId('cus');
  return render(
    store.put('customers', id, { id, object: 'customer', created: store.now(), ...details }),
  );
}

function retrieve({ store, id, params }: Call): unknown {
  params.end();
  const customer = store.get('customers', id);
  if (customer === undefined) throw noSuchObject('customer', id);
  return render(customer);
}

function update({ store, id, params }: Call): unknown {
  const customer = liveCustomer(store, id);
  return render(store.put('customers', id, { ...customer, ...readDetails(params, customer) }));
}

function remove({ store, id, params }: Call): unknown {
  params.end();
  return render(store.put('customers', id, { ...liveCustomer(store, id), deleted: true }));
}

const live = (store: Store): Customer[] =>
  store.newestFirst('customers').filter((customer) => !customer.deleted);

function list({ store, params }: Call): unknown {
  const email = params.text('email') ?? undefined;
  const isCreated = createdFilter(params);
  const rows = live(store).filter(
    (customer) => isCreated(customer) && (email === undefined || customer.email === email),
  );
  const page = cutPage(rows, params, '/v1/customers');
  params.end();
  return { ...page, data: page.data.map(render) };
}

function search({ store, params }: Call): unknown {
  const rows = live(store).map(withBalance);
  return searchRows(rows, ['email', 'name', 'phone'], params, '/v1/customers/search');
}

export const customerRoutes: readonly Route[] = [
  ['POST /v1/customers', create],
  ['GET /v1/customers', list],
  ['GET /v1/customers/search', search],
  ['GET /v1/customers/:id', retrieve],
  ['POST /v1/customers/:id', update],
  ['DELETE /v1/customers/:id', remove],
];
