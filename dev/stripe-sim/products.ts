import { noSuchObject, refusedState } from './api-error.js';
import { createdFilter, cutPage } from './list-page.js';
import type { RequestParams } from './request-params.js';
import type { Call, Route } from './route.js';
import type { Store } from './store.js';
import type { Product } from './tables.js';

type Details = Omit<Product, 'id' | 'object' | 'created' | 'updated'>;

const CONSTANT_FIELDS = {
  default_price: null,
  images: [],
  livemode: false,
  marketing_features: [],
  package_dimensions: null,
  shippable: null,
  statement_descriptor: null,
  tax_code: null,
  tax_details: null,
  type: 'service',
  url: null,
};

const render = (product: Product): unknown => ({ ...product, ...CONSTANT_FIELDS });

export function findProduct(store: Store, id: string, param = 'id'): Product {
  const product = store.get('products', id);
  if (product === undefined) throw noSuchObject('product', id, param);
  return product;
}

function readDetails(
  params: RequestParams,
  current: Omit<Details, 'name'> & { name?: string },
): Details {
  const description = params.text('description');
  const unitLabel = params.text('unit_label');
  const details = {
    name:
      current.name !== undefined && !params.has('name')
        ? current.name
        : params.requiredText('name'),
    active: params.flag('active') ?? current.active,
    description: description === undefined ? current.description : description,
    unit_label: unitLabel === undefined ? current.unit_label : unitLabel,
    metadata: params.metadata(current.metadata),
  };
  params.end();
  return details;
}

function create({ store, params }: Call): unknown {
  const id = params.text('id') ?? store.newId('prod');
  if (store.get('products', id) !== undefined)
    throw refusedState('resource_already_exists', `Product already exists: ${id}`);
  const details = readDetails(params, {
    active: true,
    description: null,
    unit_label: null,
    metadata: {},
  });
  const now = store.now();
  return render(
    store.put('products', id, { id, object: 'product', created: now, updated: now, ...details }),
  );
}

function retrieve({ store, id, params }: Call): unknown {
  params.end();
  return render(findProduct(store, id));
}

function update({ store, id, params }: Call): unknown {
  const product = findProduct(store, id);
  return render(
    store.put('products', id, {
      ...product,
      ...readDetails(params, product),
      updated: store.now(),
    }),
  );
}

function remove({ store, id, params }: Call): unknown {
  params.end();
  findProduct(store, id);
  if (store.newestFirst('prices').some((price) => price.product === id)) {
    throw refusedState(
      'product_has_prices',
      'This product cannot be deleted because it has one or more user-created prices.',
    );
  }
  store.remove('products', id);
  return { id, object: 'product', deleted: true };
}

function list({ store, params }: Call): unknown {
  const active = params.flag('active');
  const isCreated = createdFilter(params);
  const rows = store
    .newestFirst('products')
    .filter((product) => isCreated(product) && (active ?? product.active) === product.active);
  const page = cutPage(rows, params, '/v1/products');
  params.end();
  return { ...page, data: page.data.map(render) };
}

export const productRoutes: readonly Route[] = [
  ['POST /v1/products', create],
  ['GET /v1/products', list],
  ['GET /v1/products/:id', retrieve],
  ['POST /v1/products/:id', update],
  ['DELETE /v1/products/:id', remove],
];
