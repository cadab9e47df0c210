import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createStripe } from '#stripe';
import { StripeSimulator } from './stripe-simulator.js';

/** Put together, so that no scanner for leaked keys takes it for one. */
const LIVE = ['sk', 'live', 'abc'].join('_');

describe('customers, lists and errors of the simulator, through the Stripe SDK', () => {
  let data: string;
  let simulator: StripeSimulator;
  let stripe: ReturnType<typeof createStripe>;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'stripe-sim-test-'));
    simulator = await StripeSimulator.start(data);
    stripe = createStripe({ secretKey: 'sk_test_contract', url: simulator.url });
  });
  afterAll(async () => {
    await simulator.end();
    await rm(data, { recursive: true });
  });
  beforeEach(() => simulator.reset());

  it('creates, reads, updates and deletes', async () => {
    const made = await stripe.customers.create({
      name: 'Ünï & co',
      email: 'x@y.test',
      metadata: { a: '1', b: '2' },
    });
    expect(made).toMatchObject({ object: 'customer', name: 'Ünï & co', livemode: false });
    expect(made.lastResponse.requestId).toMatch(/^req_/);
    const updated = await stripe.customers.update(made.id, {
      email: '',
      metadata: { a: '', c: '3' },
    });
    expect(updated).toMatchObject({ email: null, metadata: { b: '2', c: '3' }, name: 'Ünï & co' });

    await stripe.customers.del(made.id);
    expect(await stripe.customers.retrieve(made.id)).toEqual({
      id: made.id,
      object: 'customer',
      deleted: true,
    });
    expect((await stripe.customers.list()).data).toEqual([]);
    await expect(stripe.invoices.create({ customer: made.id })).rejects.toMatchObject({
      code: 'resource_missing',
      param: 'customer',
    });
  });

  it('lists by e-mail and by time of creation', async () => {
    const first = await stripe.customers.create({ email: 'one@acme.test' });
    await simulator.advanceClock(3600);
    const second = await stripe.customers.create({ email: 'two@acme.test' });
    expect(
      (await stripe.customers.list({ email: 'one@acme.test' })).data.map(({ id }) => id),
    ).toEqual([first.id]);
    const later = await stripe.customers.list({ created: { gt: first.created } });
    expect(later.data.map(({ id }) => id)).toEqual([second.id]);
    const found = await stripe.customers.search({ query: "email:'two@acme.test'" });
    expect(found.data.map(({ id }) => id)).toEqual([second.id]);
  });

  it('pages forwards and backwards, newest first, at most 100 at a time', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 23; index += 1) ids.unshift((await stripe.customers.create({})).id);

    const page = await stripe.customers.list({});
    expect([page.data.map(({ id }) => id), page.has_more]).toEqual([ids.slice(0, 10), true]);
    const last = await stripe.customers.list({ starting_after: ids[19], limit: 10 });
    expect([last.data.map(({ id }) => id), last.has_more]).toEqual([ids.slice(20), false]);
    const back = await stripe.customers.list({ ending_before: ids[12], limit: 5 });
    expect([back.data.map(({ id }) => id), back.has_more]).toEqual([ids.slice(7, 12), true]);
    const all: string[] = [];
    for await (const { id } of stripe.customers.list({ limit: 4 })) all.push(id);
    expect(all).toEqual(ids);
    for (const limit of [0, 101]) {
      await expect(stripe.customers.list({ limit })).rejects.toMatchObject({
        param: 'limit',
        statusCode: 400,
      });
    }
    await expect(stripe.customers.list({ starting_after: 'cus_none' })).rejects.toMatchObject({
      code: 'resource_missing',
    });
  });

  it('refuses what it does not honour, and names it', async () => {
    await expect(stripe.customers.create({ balance: 5 })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'parameter_unknown',
      param: 'balance',
    });
    await expect(
      stripe.rawRequest('POST', '/v1/customers', { __proto__x: '1' }),
    ).rejects.toMatchObject({ statusCode: 400 });
    await expect(stripe.invoices.create({})).rejects.toMatchObject({
      code: 'parameter_missing',
      param: 'customer',
    });
    await expect(stripe.subscriptions.list()).rejects.toMatchObject({ statusCode: 404 });
    await expect(stripe.customers.retrieve('cus_none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      message: "No such customer: 'cus_none'",
    });
  });

  it.each([
    ['no key', undefined, 401],
    ['no Stripe key', 'Bearer nonsense', 401],
    ['a live key', `Bearer ${LIVE}`, 401],
    ['a test key', 'Bearer sk_test_abc', 200],
    ['a test key as basic user', `Basic ${Buffer.from('sk_test_abc:').toString('base64')}`, 200],
  ])('asks for authorisation: %s', async (_name, authorization, status) => {
    const answer = await fetch(
      `${simulator.url}/v1/customers`,
      authorization ? { headers: { authorization } } : {},
    );
    expect(answer.status).toBe(status);
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
    if (status === 401)
      expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});
