import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, BillingHarness, priced, unpriced } from './billing-harness.js';

let harness: BillingHarness;

beforeAll(async () => {
  harness = await BillingHarness.open();
});
afterAll(() => harness.close());

describe('the bill of a month', () => {
  it('asks whole cents a line, books the remainder, and reads the same back from Stripe', async () => {
    // given two models of one customer, at a markup of 1.2
    const project = await harness.newProject('1.2');
    await harness.store(project, [
      { customer: 'acme', model: 'gpt-4o', cost: priced('0.00675') },
      { customer: 'acme', model: 'gpt-4o', cost: priced('1.1') },
      { customer: 'acme', model: 'o3', cost: priced('0.000000000001') },
      {
        customer: 'acme',
        model: 'free-model',
        cost: { ...priced('0'), state: 'free', amount: '0' },
      },
      { customer: 'beta', model: 'gpt-4o', cost: priced('0.0041') },
      // outside the month by a millisecond each way
      { customer: 'acme', cost: priced('500'), event_time: '2026-10-31T23:59:59.999Z' },
      { customer: 'acme', cost: priced('500'), event_time: '2026-12-01T00:00:00.000Z' },
      // inside by as little
      { customer: 'beta', cost: priced('0.001'), event_time: '2026-11-01T00:00:00.000Z' },
      { customer: 'beta', cost: priced('0.001'), event_time: '2026-11-30T23:59:59.999Z' },
    ]);

    // when it is billed
    const { status, report } = await harness.bill(project);

    // then 1.10675 x 1.2 = 1.3281 is 1.33; 1e-12 x 1.2 is 0.00; 0.0061 x 1.2 = 0.00732 is 0.01
    expect(status).toBe(0);
    expect(report).toMatchObject({ period: '2026-11', project, difference: '0' });
    const [acme, beta] = report?.customers ?? [];
    expect(report?.customers).toHaveLength(2);
    expect(acme).toMatchObject({
      customer: 'acme',
      cost: '1.106750000001',
      amount: '1.33',
      remainder: '-0.0018999999988',
      read_back: '1.33',
      difference: '0',
      unbilled: '0',
      unpriced_events: 0,
      problem: null,
    });
    expect(
      acme?.lines.map(({ model, events, charge, amount, remainder }) => [
        model,
        events,
        charge,
        amount,
        remainder,
      ]),
    ).toEqual([
      ['gpt-4o', 2, '1.3281', '1.33', '-0.0019'],
      ['o3', 1, '0.0000000000012', '0', '0.0000000000012'],
      ['free-model', 1, '0', '0', '0'],
    ]);
    expect(beta).toMatchObject({
      cost: '0.0061',
      amount: '0.01',
      remainder: '-0.00268',
      read_back: '0.01',
    });

    const invoices = await harness.invoicesAtStripe(project);
    expect(invoices.map(({ total }) => total).sort((a, b) => a - b)).toEqual([1, 133]);
  });

  it('does nothing when it is run again', async () => {
    const project = await harness.newProject('2');
    await harness.store(project, [{ customer: 'acme', cost: priced('0.333') }]);
    const first = await harness.bill(project);
    const again = await harness.bill(project);
    expect(again).toEqual(first);
    expect(first.report?.customers).toMatchObject([
      { amount: '0.67', remainder: '-0.004', unbilled: '0' },
    ]);
  });

  it('invoices a customer however small the usage', async () => {
    const project = await harness.newProject();
    await harness.store(project, [{ customer: 'tiny', cost: priced('0.000000000001') }]);
    const { status, report } = await harness.bill(project);
    expect(status).toBe(0);
    expect(report?.customers[0]).toMatchObject({
      amount: '0',
      remainder: '0.000000000001',
      read_back: '0',
      difference: '0',
      stripe_status: 'paid',
    });
  });

  it('shows usage without a price or a customer, and never invoices it as nothing', async () => {
    const project = await harness.newProject();
    await harness.store(project, [
      { customer: 'mixed', cost: priced('0.5') },
      { customer: 'mixed', cost: unpriced },
      { customer: 'unknown', cost: unpriced },
      { customer: 'unknown', cost: unpriced },
      { customer: null, cost: priced('0.25') },
    ]);
    const { status, report } = await harness.bill(project);
    expect(status).toBe(4);
    expect(report?.customers).toMatchObject([
      { customer: 'mixed', amount: '0.5', unpriced_events: 1, note: null },
      {
        customer: 'unknown',
        lines: [],
        amount: '0',
        stripe_invoice: null,
        unpriced_events: 2,
        note: 'no usage with a known price: there is nothing to invoice yet',
      },
      {
        customer: null,
        cost: '0.25',
        amount: '0',
        unbilled: '0.25',
        stripe_invoice: null,
        note: 'usage that names no customer cannot be invoiced',
      },
    ]);
    expect(await harness.invoicesAtStripe(project)).toHaveLength(1);
  });

  it('puts 300 models on 250 lines', async () => {
    const project = await harness.newProject();
    await harness.store(
      project,
      Array.from({ length: 300 }, (_, n) => ({
        customer: 'many',
        model: `m${n}`,
        cost: priced('0.01'),
      })),
    );
    const { status, report } = await harness.bill(project);
    expect(status).toBe(0);
    expect(report?.customers[0]).toMatchObject({
      amount: '3',
      remainder: '0',
      read_back: '3',
      difference: '0',
    });
    expect(report?.customers[0]?.lines).toHaveLength(250);
    expect((await harness.invoicesAtStripe(project))[0]?.lines).toHaveLength(250);
  });

  it('previews without a write here or at Stripe', async () => {
    const project = await harness.newProject();
    await harness.store(project, [{ customer: 'acme', cost: priced('0.5') }]);
    const preview = await harness.bill(project, { args: ['--dry-run'] });
    expect(preview.status).toBe(0);
    expect(preview.report?.customers[0]).toMatchObject({
      amount: '0.5',
      stripe_invoice: null,
      read_back: null,
    });
    expect(await harness.invoicesAtStripe(project)).toEqual([]);

    await harness.store(project, [{ customer: 'acme', cost: priced('1') }]);
    const billed = await harness.bill(project);
    expect(billed.report?.customers[0]).toMatchObject({ amount: '1.5' });
    const after = await harness.bill(project, { args: ['--dry-run'] });
    expect(after.report).toEqual(billed.report);

    await harness.store(project, [{ customer: 'acme', cost: priced('0.25') }]);
    const correction = await harness.bill(project, { args: ['--dry-run'] });
    expect(correction.report?.customers).toMatchObject([
      { correction: 0, amount: '1.5', read_back: '1.5', unbilled: '0' },
      { correction: 1, amount: '0.25', stripe_invoice: null },
    ]);
    expect(await harness.invoicesAtStripe(project)).toHaveLength(1);
  });

  it('keeps two projects apart, also where their customers have the same id', async () => {
    const [one, two] = [await harness.newProject(), await harness.newProject()];
    await harness.store(one, [{ customer: 'acme', cost: priced('1') }]);
    await harness.store(two, [{ customer: 'acme', cost: priced('2') }]);
    expect((await harness.bill(one)).report?.customers).toMatchObject([{ amount: '1' }]);
    expect((await harness.bill(two)).report?.customers).toMatchObject([{ amount: '2' }]);
    const bound = await Promise.all(
      [one, two].map((project) => harness.customers.find(project, 'acme')),
    );
    const ids = bound.map((customer) => customer?.stripe_customer_id);
    expect(ids[0]).toMatch(/^cus_/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('bills the Stripe customer that was bound by hand, with its name, and one that was deleted here', async () => {
    const project = await harness.newProject();
    const mine = await harness.stripe.customers.create({ name: 'By hand' });
    await harness.customerWrites.create(project, 'acme', { stripe_customer_id: mine.id });
    await harness.customerWrites.create(project, 'gone', {
      name: 'Gone Inc',
      email: 'g@gone.test',
    });
    await harness.customerWrites.delete(project, 'gone');
    await harness.store(project, [
      { customer: 'acme', cost: priced('1') },
      { customer: 'gone', cost: priced('1') },
    ]);
    const { status, report } = await harness.bill(project);
    expect(status).toBe(0);
    const owners = await Promise.all(
      (report?.customers ?? []).map(async ({ stripe_invoice: id }) => {
        const { customer } = await harness.stripe.invoices.retrieve(id ?? '');
        return harness.stripe.customers.retrieve(customer as string);
      }),
    );
    expect(owners).toMatchObject([{ id: mine.id }, { name: 'Gone Inc', email: 'g@gone.test' }]);
  });
});

describe('a month whose usage is not whole', () => {
  const middle = at('2026-11-15T00:00:00Z');
  const notOver = '2026-11 is not over (it ends at 2026-12-01T00:00:00.000Z)';

  it('is refused while it runs, and nothing is frozen', async () => {
    const project = await harness.newProject();
    await harness.store(project, [{ customer: 'acme', cost: priced('1') }]);
    const refused = await harness.bill(project, { env: middle });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(`project ${project} is not billed: ${notOver}; --early`);
    expect(refused.report?.customers).toEqual([]);
    expect(await harness.invoicesAtStripe(project)).toEqual([]);

    // What came until it was over is on the invoice all the same.
    await harness.store(project, [{ customer: 'acme', cost: priced('2') }]);
    expect((await harness.bill(project)).report?.customers).toMatchObject([{ amount: '3' }]);
  });

  it('is previewed all the same', async () => {
    const project = await harness.newProject();
    await harness.store(project, [{ customer: 'acme', cost: priced('1') }]);
    const preview = await harness.bill(project, { env: middle, args: ['--dry-run'] });
    expect([preview.status, preview.report?.customers[0]?.amount]).toEqual([0, '1']);
    expect(preview.report?.warnings[0]).toContain(notOver);
  });

  it('is refused after its end while the pipeline has not passed it, or nobody can say', async () => {
    const project = await harness.newProject();
    await harness.store(project, [{ customer: 'acme', cost: priced('1') }]);
    // No broker answers there: what is stored is all that is known.
    const away = { KAFKA_BROKERS: '127.0.0.1:1' };
    await harness.storedUpTo(new Date('2026-11-30T23:59:59.999Z'));
    const lagging = await harness.bill(project, { env: away });
    await harness.storedNothing();
    const unknown = await harness.bill(project, { env: away });
    await harness.storedUpTo(new Date('2026-12-01T00:00:00Z'));
    const passed = await harness.bill(project, { env: away });
    await harness.storedToTheEnd();
    expect([lagging.status, unknown.status, passed.status]).toEqual([1, 1, 0]);
    expect(lagging.stderr).toContain('2026-11 is stored up to 2026-11-30T23:59:59.999Z only');
    expect(unknown.stderr).toContain('nobody can say how much of 2026-11 is stored');
    expect(passed.report?.customers).toMatchObject([{ amount: '1', read_back: '1' }]);
  });

  it('is billed with --early and a warning; what comes later waits until the month can be corrected', async () => {
    const project = await harness.newProject();
    await harness.store(project, [
      { customer: 'acme', cost: priced('1') },
      { customer: 'acme', cost: unpriced },
    ]);
    const early = { args: ['--early'], env: middle };
    const first = await harness.bill(project, early);
    // Something is always left before the end, so that the status says nothing of it.
    expect(first.status).toBe(0);
    expect(first.report?.warnings).toEqual([
      `${notOver}: what comes later shows as unbilled until the period can be corrected`,
    ]);
    expect(first.report?.customers).toMatchObject([
      { amount: '1', read_back: '1', unpriced_events: 1 },
    ]);

    await harness.store(project, [{ customer: 'acme', cost: priced('0.5') }]);
    const second = await harness.bill(project, early);
    expect([second.status, second.report?.customers]).toEqual([
      0,
      [{ ...first.report?.customers[0], unbilled: '0.5' }],
    ]);

    const closed = await harness.bill(project);
    // The event without a price is on no invoice still.
    expect(closed.status).toBe(4);
    expect(closed.report?.warnings).toEqual([]);
    expect(closed.report?.customers).toMatchObject([
      { correction: 0, amount: '1', unbilled: '0', unpriced_events: 1 },
      { correction: 1, amount: '0.5', read_back: '0.5', unpriced_events: 0 },
    ]);
  });
});
