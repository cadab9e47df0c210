import { invalidParameter, missingParameter, noSuchObject } from './api-error.js';
import { parseDecimal } from './line-amount.js';
import { createdFilter, cutPage } from './list-page.js';
import { findProduct } from './products.js';
import type { Call, Route } from './route.js';
import type { Store } from './store.js';
import type { Price } from './tables.js';

const CONSTANT_FIELDS = {
  billing_scheme: 'per_unit',
  custom_unit_amount: null,
  livemode: false,
  recurring: null,
  tax_behavior: 'unspecified',
  tiers_mode: null,
  transform_quantity: null,
  type: 'one_time',
};

const render = (price: Price): unknown => ({ ...price, ...CONSTANT_FIELDS });

export function findPrice(store: Store, id: string, param = 'id'): Price {
  const price = store.get('prices', id);
  if (price === undefined) throw noSuchObject('price', id, param);
  return price;
}

/** One-time prices only: a `recurring` price belongs to subscriptions, and is refused as an unknown parameter. */
function create({ store, params }: Call): unknown {
  const currency = params.requiredText('currency').toLowerCase();
  const product = findProduct(store, params.requiredText('product'), 'product').id;
  const unitAmount = params.integer('unit_amount');
  const unitAmountDecimal = params.text('unit_amount_decimal') ?? unitAmount?.toString();
  if (unitAmountDecimal === undefined) throw missingParameter('unit_amount');
  if (parseDecimal(unitAmountDecimal, 'unit_amount_decimal').units < 0n) {
    throw invalidParameter('unit_amount', 'Invalid non-negative integer');
  }
  const id = store.newId('price');
  const price: Price = {
    id,
    object: 'price',
    created: store.now(),
    active: params.flag('active') ?? true,
    currency,
    lookup_key: params.text('lookup_key') ?? null,
    metadata: params.metadata({}),
    nickname: params.text('nickname') ?? null,
    product,
    unit_amount: /^\d+$/.test(unitAmountDecimal) ? Number(unitAmountDecimal) : null,
    unit_amount_decimal: unitAmountDecimal,
  };
  params.end();
  return render(store.put('prices', id, price));
}

function retrieve({ store, id, params }: Call): unknown {
  params.end();
  return render(findPrice(store, id));
}

function update({ store, id, params }: Call): unknown {
  const price = findPrice(store, id);
  const nickname = params.text('nickname');
  const changed: Price = {
    ...price,
    active: params.flag('active') ?? price.active,
    nickname: nickname === undefined ? price.nickname : nickname,
    metadata: params.metadata(price.metadata),
  };
  params.end();
  return render(store.put('prices', id, changed));
}

function list({ store, params }: Call): unknown {
  const product = params.text('product') ?? undefined;
  const active = params.flag('active');
  const isCreated = createdFilter(params);
  const rows = store
    .newestFirst('prices')
    .filter(
      (price) =>
        isCreated(price) &&
        (product ?? price.product) === price.product &&
        (active ?? price.active) === price.active,
    );
  const page = cutPage(rows, params, '/v1/prices');
  params.end();
  return { ...page, data: page.data.map(render) };
}

export const priceRoutes: readonly Route[] = [
  ['POST /v1/prices', create],
  ['GET /v1/prices', list],
  ['GET /v1/prices/:id', retrieve],
  ['POST /v1/prices/:id', update],
];
