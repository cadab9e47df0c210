import { invalidParameter, missingParameter, notEditable, refusedState } from './api-error.js';
import { lineAmount, parseDecimal } from './line-amount.js';
import { findPrice } from './prices.js';
import type { RequestParams } from './request-params.js';
import type { Store } from './store.js';
import type { InvoiceItem } from './tables.js';

type ItemDetails = Omit<InvoiceItem, 'id' | 'line_id' | 'created' | 'customer' | 'invoice'>;
type Charge = Pick<InvoiceItem, 'amount' | 'quantity' | 'unit_amount_decimal' | 'price'>;

const ITEMS_PER_INVOICE_MAX = 250;

/** Reads the parameters of a new item, in its invoice's `currency` when it has one, or those that change `current`. */
export function readItemDetails(
  store: Store,
  params: RequestParams,
  expected: { currency?: string; current?: ItemDetails },
): ItemDetails {
  const { current } = expected;
  const charge = readCharge(store, params, current);
  const priceCurrency = charge.price === null ? undefined : findPrice(store, charge.price).currency;
  const currency = (
    params.text('currency') ??
    priceCurrency ??
    expected.currency ??
    'usd'
  ).toLowerCase();
  const mismatch = [expected.currency, priceCurrency].find(
    (other) => other !== undefined && other !== currency,
  );
  if (mismatch !== undefined) {
    throw invalidParameter(
      'currency',
      `The currency of the item (${currency}) does not match the invoice or price (${mismatch}).`,
    );
  }
  const now = store.now();
  const period = params.map('period');
  const description = params.text('description');
  const details: ItemDetails = {
    ...charge,
    currency,
    description: description === undefined ? (current?.description ?? null) : description,
    metadata: params.metadata(current?.metadata ?? {}),
    period:
      period === undefined ? (current?.period ?? { start: now, end: now }) : readPeriod(period),
  };
  params.end();
  return details;
}

/** A plain amount is the whole line; otherwise the line is quantity times a unit price, given or a price's. */
function readCharge(store: Store, params: RequestParams, current: Charge | undefined): Charge {
  const amount = params.integer('amount');
  const unitAmount = params.text('unit_amount_decimal') ?? undefined;
  const pricing = params.map('pricing');
  const price =
    pricing === undefined
      ? undefined
      : findPrice(store, pricing.requiredText('price'), 'pricing[price]');
  pricing?.end();
  const givenQuantity = params.text('quantity_decimal') ?? params.integer('quantity')?.toString();
  if ([amount, unitAmount, price].filter((way) => way !== undefined).length > 1) {
    throw invalidParameter(
      'amount',
      'You may only specify one of these parameters: amount, unit_amount_decimal, pricing.',
    );
  }
  if (amount !== undefined)
    return { amount, quantity: '1', unit_amount_decimal: amount.toString(), price: null };
  const unit = unitAmount ?? price?.unit_amount_decimal ?? current?.unit_amount_decimal;
  if (unit === undefined) throw missingParameter('amount');
  const quantity = givenQuantity ?? current?.quantity ?? '1';
  return {
    amount: lineAmount(
      parseDecimal(quantity, 'quantity_decimal'),
      parseDecimal(unit, 'unit_amount_decimal'),
    ),
    quantity,
    unit_amount_decimal: unit,
    price: unitAmount === undefined ? (price?.id ?? current?.price ?? null) : null,
  };
}

function readPeriod(params: RequestParams): { start: number; end: number } {
  const [start, end] = [params.integer('start'), params.integer('end')];
  if (start === undefined || end === undefined)
    throw missingParameter(start === undefined ? 'period[start]' : 'period[end]');
  if (end < start)
    throw invalidParameter('period[end]', 'The end of the period lies before its start.');
  params.end();
  return { start, end };
}

/** In the order in which they were added, which is the order of the lines. */
export const itemsOf = (store: Store, invoice: string): InvoiceItem[] =>
  store
    .newestFirst('invoice_items')
    .filter((item) => item.invoice === invoice)
    .toReversed();

/** Adds an item. Throws 400 for an invoice that is no draft, or is full. */
export function addItem(
  store: Store,
  owner: Pick<InvoiceItem, 'customer' | 'invoice'>,
  details: ItemDetails,
): InvoiceItem {
  assertEditable(store, owner);
  if (owner.invoice !== null && itemsOf(store, owner.invoice).length >= ITEMS_PER_INVOICE_MAX) {
    throw refusedState(
      'invoice_line_item_limit',
      `An invoice holds at most ${ITEMS_PER_INVOICE_MAX} items.`,
    );
  }
  const id = store.newId('ii');
  return store.put('invoice_items', id, {
    id,
    line_id: store.newId('il'),
    created: store.now(),
    ...owner,
    ...details,
  });
}

/** Only a draft's items may change. */
export function assertEditable(store: Store, owner: Pick<InvoiceItem, 'invoice'>): void {
  if (owner.invoice !== null && store.get('invoices', owner.invoice)?.status !== 'draft') {
    throw notEditable("This invoice is no longer editable: its items can't be changed.");
  }
}

export function renderPricing(store: Store, item: InvoiceItem): unknown {
  const pricing = { type: 'price_details', unit_amount_decimal: item.unit_amount_decimal };
  return item.price === null
    ? pricing
    : {
        ...pricing,
        price_details: { price: item.price, product: findPrice(store, item.price).product },
      };
}
