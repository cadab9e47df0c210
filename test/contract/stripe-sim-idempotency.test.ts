import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createStripe } from '#stripe';
import { StripeSimulator } from './stripe-simulator.js';

describe('idempotency keys of the simulator, through the Stripe SDK', () => {
  let data: string;
  let simulator: StripeSimulator;
  let stripe: ReturnType<typeof createStripe>;
  const count = async () => (await stripe.customers.list({ limit: 100 })).data.length;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'stripe-sim-test-'));
    simulator = await StripeSimulator.start(data);
    stripe = createStripe({ secretKey: 'sk_test_contract', url: simulator.url, timeoutMs: 500 });
  });
  afterAll(async () => {
    await simulator.end();
    await rm(data, { recursive: true });
  });
  beforeEach(() => simulator.reset());

  it('replays the first answer for 24 hours, then takes the key for a new one', async () => {
    const first = await stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' });
    await simulator.advanceClock(23 * 3600);
    const again = await stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' });
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    await simulator.advanceClock(3601);
    const later = await stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' });
    expect(later.id).not.toBe(first.id);
    expect(await count()).toBe(2);
  });

  it('refuses the same key with other parameters or for another call', async () => {
    await stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' });
    const error = { type: 'StripeIdempotencyError', rawType: 'idempotency_error', statusCode: 400 };
    await expect(
      stripe.customers.create({ name: 'B' }, { idempotencyKey: 'k' }),
    ).rejects.toMatchObject(error);
    await expect(
      stripe.products.create({ name: 'A' }, { idempotencyKey: 'k' }),
    ).rejects.toMatchObject(error);
    expect(await count()).toBe(1);
  });

  it('keeps a refusal of the state, and not a failed validation', async () => {
    const { id: customer } = await stripe.customers.create({});
    const { id } = await stripe.invoices.create({ customer });
    const finalize = () => stripe.invoices.finalizeInvoice(id, {}, { idempotencyKey: 'finalize' });
    await expect(finalize()).rejects.toMatchObject({ code: 'invoice_no_customer_line_items' });
    await stripe.invoices.addLines(id, { lines: [{ amount: 5 }] });
    await expect(finalize()).rejects.toMatchObject({ code: 'invoice_no_customer_line_items' });

    await expect(
      stripe.customers.create({ balance: 1 }, { idempotencyKey: 'v' }),
    ).rejects.toMatchObject({ statusCode: 400 });
    await expect(
      stripe.customers.create({ name: 'A' }, { idempotencyKey: 'v' }),
    ).resolves.toMatchObject({ name: 'A' });
  });

  it('answers 409 while the first request with the key is running', async () => {
    await simulator.addFault({ path: '/v1/customers', action: 'delay', delay_ms: 300 });
    const create = () => stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' });
    const outcomes = await Promise.allSettled([create(), create()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const rejected = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(rejected?.reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    expect(await count()).toBe(1);
  });

  it('keeps a 500 under its key, whether the write took effect or not', async () => {
    for (const [when, made] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      await simulator.reset();
      await simulator.addFault({ path: '/v1/customers', action: 'status', status: 500, when });
      const create = () => stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' });
      await expect(create()).rejects.toMatchObject({ statusCode: 500 });
      await expect(create()).rejects.toMatchObject({ statusCode: 500 });
      expect(await count()).toBe(made);
    }
  });

  it('does not keep a 429', async () => {
    await simulator.addFault({ path: '/v1/customers', action: 'status', status: 429 });
    const create = () => stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' });
    await expect(create()).rejects.toMatchObject({ type: 'StripeRateLimitError' });
    await expect(create()).resolves.toMatchObject({ name: 'A' });
  });

  it.each([
    ['hang', 'before', 0],
    ['hang', 'after', 1],
    ['truncate', 'after', 1],
  ])('%s %s the effect: no answer, and %i customers', async (action, when, made) => {
    await simulator.addFault({ path: '/v1/customers', action, when });
    const create = () => stripe.customers.create({ name: 'A' }, { idempotencyKey: 'k' });
    await expect(create()).rejects.toMatchObject({ type: 'StripeConnectionError' });
    expect(await count()).toBe(made);
    await expect(create()).resolves.toMatchObject({ name: 'A' });
    expect(await count()).toBe(1);
  });

  it('a reset connection is retried by the SDK itself under the same key, which makes one customer', async () => {
    for (const when of ['before', 'after']) {
      await simulator.reset();
      await simulator.addFault({ path: '/v1/customers', action: 'reset', when });
      await expect(stripe.customers.create({ name: 'A' })).resolves.toMatchObject({ name: 'A' });
      expect(await count()).toBe(1);
    }
  });

  it('strikes the nth matching call and no other', async () => {
    await simulator.addFault({
      method: 'POST',
      path: '/v1/invoices/*/finalize',
      action: 'status',
      status: 503,
      nth: 2,
    });
    const { id: customer } = await stripe.customers.create({});
    const finalize = async () => {
      const { id } = await stripe.invoices.create({ customer });
      await stripe.invoices.addLines(id, { lines: [{ amount: 5 }] });
      return stripe.invoices.finalizeInvoice(id);
    };
    await finalize();
    await expect(finalize()).rejects.toMatchObject({ statusCode: 503 });
    await finalize();
    expect((await simulator.requests()).filter(({ status }) => status === 503)).toHaveLength(1);
  });
});
