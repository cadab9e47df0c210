import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Stripe } from 'stripe';
import { createStripe } from '#stripe';
import { StripeSimulator } from './stripe-simulator.js';

type InvoiceState = Pick<
  Stripe.Invoice,
  'status' | 'total' | 'amount_due' | 'starting_balance' | 'ending_balance'
>;

describe('invoices of the simulator, through the Stripe SDK', () => {
  let data: string;
  let simulator: StripeSimulator;
  let stripe: ReturnType<typeof createStripe>;
  let customer: string;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'stripe-sim-test-'));
    simulator = await StripeSimulator.start(data);
    stripe = createStripe({ secretKey: 'sk_test_contract', url: simulator.url });
  });
  afterAll(async () => {
    await simulator.end();
    await rm(data, { recursive: true });
  });
  beforeEach(async () => {
    await simulator.reset();
    ({ id: customer } = await stripe.customers.create({ name: 'Acme', email: 'a@acme.test' }));
  });

  it('goes from draft to open to paid, and its total is the sum of its lines', async () => {
    const draft = await stripe.invoices.create({
      customer,
      auto_advance: false,
      metadata: { run_key: 'p:2026-11' },
    });
    expect(draft).toMatchObject({
      object: 'invoice',
      status: 'draft',
      total: 0,
      currency: 'usd',
      number: null,
    });

    const period = { start: 1_793_491_200, end: 1_796_083_200 };
    const filled = await stripe.invoices.addLines(draft.id, {
      lines: [
        { amount: 1234, description: 'gpt-4o', metadata: { line_key: 'a' }, period },
        { amount: 0, description: 'free model', metadata: { line_key: 'b' }, period },
      ],
    });
    expect(filled.total).toBe(1234);
    expect(
      filled.lines.data.map(({ amount, metadata, period: lines }) => [amount, metadata, lines]),
    ).toEqual([
      [1234, { line_key: 'a' }, period],
      [0, { line_key: 'b' }, period],
    ]);

    const open = await stripe.invoices.finalizeInvoice(draft.id);
    expect(open).toMatchObject({
      status: 'open',
      total: 1234,
      amount_due: 1234,
      number: 'SIM-000001',
    });
    const paid = await stripe.invoices.pay(draft.id);
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 1234, amount_remaining: 0 });
    expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({
      status: 'paid',
      metadata: { run_key: 'p:2026-11' },
    });
  });

  it('is immutable once finalized', async () => {
    const { id } = await stripe.invoices.create({ customer });
    const item = await stripe.invoiceItems.create({
      customer,
      invoice: id,
      amount: 500,
      currency: 'usd',
    });
    await stripe.invoices.finalizeInvoice(id);

    const line = { amount: 1 };
    for (const change of [
      () => stripe.invoices.addLines(id, { lines: [line] }),
      () => stripe.invoices.update(id, { description: 'changed' }),
      () => stripe.invoices.finalizeInvoice(id),
      () => stripe.invoices.del(id),
      () => stripe.invoiceItems.create({ customer, invoice: id, amount: 1, currency: 'usd' }),
      () => stripe.invoiceItems.update(item.id, { amount: 1 }),
      () => stripe.invoiceItems.del(item.id),
    ]) {
      await expect(change()).rejects.toMatchObject({
        statusCode: 400,
        code: 'invoice_not_editable',
      });
    }
    expect(await stripe.invoices.retrieve(id)).toMatchObject({
      total: 500,
      description: null,
      status: 'open',
    });
    expect(await stripe.invoices.voidInvoice(id)).toMatchObject({ status: 'void' });
  });

  it('an invoice of nothing is paid at once, one without lines is not finalized', async () => {
    const { id } = await stripe.invoices.create({ customer });
    await expect(stripe.invoices.finalizeInvoice(id)).rejects.toMatchObject({
      code: 'invoice_no_customer_line_items',
    });
    await stripe.invoices.addLines(id, { lines: [{ amount: 0 }] });
    expect(await stripe.invoices.finalizeInvoice(id)).toMatchObject({ status: 'paid', total: 0 });
  });

  it('an invoice below nothing is credit of the customer, which pays for later ones until it is spent', async () => {
    const finalize = async (amount: number) => {
      const { id } = await stripe.invoices.create({ customer });
      await stripe.invoices.addLines(id, { lines: [{ amount }] });
      return stripe.invoices.finalizeInvoice(id);
    };
    const balance = async () => {
      const found = await stripe.customers.retrieve(customer);
      return found.deleted ? null : found.balance;
    };
    const state = ({
      status,
      total,
      amount_due,
      starting_balance,
      ending_balance,
    }: InvoiceState) => [status, total, amount_due, starting_balance, ending_balance];
    expect(await balance()).toBe(0);
    expect(state(await finalize(-500))).toEqual(['paid', -500, 0, 0, -500]);
    expect(await balance()).toBe(-500);
    expect(state(await finalize(200))).toEqual(['paid', 200, 0, -500, -300]);
    const open = await finalize(1_000);
    expect(state(open)).toEqual(['open', 1_000, 700, -300, 0]);
    expect(await balance()).toBe(0);
    expect(await stripe.invoices.voidInvoice(open.id)).toMatchObject({ status: 'void' });
    expect(await balance()).toBe(-300);
  });

  it('rounds quantity times unit price once for each line, ties away from zero', async () => {
    const { id } = await stripe.invoices.create({ customer });
    const cases = [
      ['3', '0.5', 2], // 1.5
      ['1', '2.5', 3],
      ['-1', '2.5', -3],
      ['7', '0.071428571428', 0], // 0.499999999996
      ['1000001', '0.0001', 100], // 100.0001
    ] as const;
    for (const [quantity, price, amount] of cases) {
      const item = await stripe.rawRequest('POST', '/v1/invoiceitems', {
        customer,
        invoice: id,
        currency: 'usd',
        quantity_decimal: quantity,
        unit_amount_decimal: price,
      });
      expect(item).toMatchObject({ amount });
    }
    expect((await stripe.invoices.retrieve(id)).total).toBe(2 + 3 - 3 + 0 + 100);
  });

  it('prices an item by its price object, and refuses one in another currency', async () => {
    const product = await stripe.products.create({ name: 'Tokens' });
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 25,
    });
    const euros = await stripe.prices.create({
      product: product.id,
      currency: 'eur',
      unit_amount: 25,
    });
    const { id } = await stripe.invoices.create({ customer });
    const item = await stripe.invoiceItems.create({
      customer,
      invoice: id,
      pricing: { price: price.id },
      quantity: 3,
    });
    expect(item.amount).toBe(75);
    expect(item.pricing?.price_details).toEqual({ price: price.id, product: product.id });
    await expect(
      stripe.invoiceItems.create({ customer, invoice: id, pricing: { price: euros.id } }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'currency' });
  });

  it('holds 250 items and not one more; a call that goes over adds none', async () => {
    const { id } = await stripe.invoices.create({ customer });
    const lines = (count: number) => Array.from({ length: count }, () => ({ amount: 1 }));
    await stripe.invoices.addLines(id, { lines: lines(249) });
    await expect(stripe.invoices.addLines(id, { lines: lines(2) })).rejects.toMatchObject({
      statusCode: 400,
    });
    expect((await stripe.invoices.retrieve(id)).total).toBe(249);
    await stripe.invoices.addLines(id, { lines: lines(1) });
    const listed: string[] = [];
    for await (const line of stripe.invoices.listLineItems(id, { limit: 100 }))
      listed.push(line.id);
    expect(new Set(listed).size).toBe(250);
  });

  it('leaves out pending items unless they are asked for', async () => {
    const item = await stripe.invoiceItems.create({ customer, amount: 70, currency: 'usd' });
    const without = await stripe.invoices.create({ customer });
    expect(without.total).toBe(0);
    const included = await stripe.invoices.create({
      customer,
      pending_invoice_items_behavior: 'include',
    });
    expect(included.total).toBe(70);
    expect((await stripe.invoiceItems.retrieve(item.id)).invoice).toBe(included.id);
  });

  it('lists by customer and status, and searches metadata', async () => {
    const other = await stripe.customers.create({ name: 'Other' });
    const mine = await stripe.invoices.create({
      customer,
      metadata: { run_key: "it's p:2026-11" },
    });
    await stripe.invoices.create({ customer: other.id });
    expect((await stripe.invoices.list({ customer })).data.map(({ id }) => id)).toEqual([mine.id]);
    expect((await stripe.invoices.list({ customer, status: 'open' })).data).toEqual([]);
    const found = await stripe.invoices.search({
      query: `metadata["run_key"]:"it's p:2026-11" AND status:'draft'`,
    });
    expect(found.data.map(({ id }) => id)).toEqual([mine.id]);
    await expect(stripe.invoices.search({ query: 'total>5' })).rejects.toMatchObject({
      param: 'query',
    });
  });

  it('deletes a draft with its items', async () => {
    const { id } = await stripe.invoices.create({ customer });
    const item = await stripe.invoiceItems.create({
      customer,
      invoice: id,
      amount: 5,
      currency: 'usd',
    });
    expect(await stripe.invoices.del(id)).toEqual({ id, object: 'invoice', deleted: true });
    await expect(stripe.invoices.retrieve(id)).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    await expect(stripe.invoiceItems.retrieve(item.id)).rejects.toMatchObject({ statusCode: 404 });
  });
});
