import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BillingHarness, priced } from './billing-harness.js';

let harness: BillingHarness;

beforeAll(async () => {
  harness = await BillingHarness.open();
});
afterAll(() => harness.close());

describe('usage that comes after its month was billed', () => {
  it('goes onto an invoice of its own, at the markup of the first, whose lines say which month and what', async () => {
    const project = await harness.newProject('2');
    await harness.store(project, [
      { customer: 'acme', cost: priced('0.333') },
      { customer: 'beta', cost: priced('1') },
    ]);
    const first = await harness.bill(project);
    await harness.setMarkup(project, '5');
    await harness.store(project, [
      { customer: 'acme', cost: priced('0.01') },
      { customer: 'acme', cost: priced('0') },
      { customer: 'acme', model: 'new-model', cost: priced('0.5') },
    ]);

    const later = await harness.bill(project);

    expect(later.status).toBe(0);
    const [acme, beta] = first.report?.customers ?? [];
    // 0.343 x 2 = 0.686 is 0.69, of which 0.67 was asked: 0.02 for 0.02; and 0.5 x 2.
    expect(later.report?.customers).toEqual([
      acme,
      {
        ...acme,
        correction: 1,
        lines: [
          {
            provider: 'openai',
            model: 'new-model',
            description: 'correction of 2026-11, openai new-model: 1 event more',
            events: 1,
            cost: '0.5',
            charge: '1',
            amount: '1',
            remainder: '0',
          },
          {
            provider: 'openai',
            model: 'gpt-4o',
            description: 'correction of 2026-11, openai gpt-4o: 2 events more',
            events: 2,
            cost: '0.01',
            charge: '0.02',
            amount: '0.02',
            remainder: '0',
          },
        ],
        cost: '0.51',
        amount: '1.02',
        remainder: '0',
        stripe_invoice: expect.stringMatching(/^in_/),
        read_back: '1.02',
      },
      beta,
    ]);
    const atStripe = await harness.invoicesAtStripe(project);
    expect(atStripe).toHaveLength(3);
    expect(atStripe[0]).toMatchObject({
      description: 'Correction 1 of the usage of 2026-11 (UTC)',
      status: 'open',
      total: 102,
    });
  });

  it('is corrected as often as it comes, and never drifts by rounding', async () => {
    const project = await harness.newProject();
    // Each time 0.004, which alone would be nothing: 0, 0.01, 0.01, 0.02, 0.02 in all.
    for (let times = 0; times < 5; times += 1) {
      await harness.store(project, [{ customer: 'acme', cost: priced('0.004') }]);
      expect((await harness.bill(project)).status).toBe(0);
    }
    const { report } = await harness.bill(project);
    expect(report?.customers.map(({ correction, amount }) => [correction, amount])).toEqual([
      [0, '0'],
      [1, '0.01'],
      [2, '0'],
      [3, '0.01'],
      [4, '0'],
    ]);
  });

  it('of a customer that had none gets its first invoice', async () => {
    const project = await harness.newProject();
    await harness.store(project, [{ customer: 'acme', cost: priced('1') }]);
    await harness.bill(project);
    await harness.store(project, [{ customer: 'late', cost: priced('2') }]);
    const { report } = await harness.bill(project);
    expect(report?.customers).toMatchObject([
      { customer: 'acme', correction: 0, amount: '1' },
      { customer: 'late', correction: 0, amount: '2' },
    ]);
  });

  it('waits while the invoice is void at Stripe, and is told as unbilled', async () => {
    const project = await harness.newProject();
    await harness.store(project, [{ customer: 'acme', cost: priced('1') }]);
    const { report } = await harness.bill(project);
    await harness.stripe.invoices.voidInvoice(report?.customers[0]?.stripe_invoice ?? '');
    await harness.store(project, [{ customer: 'acme', cost: priced('2') }]);
    const after = await harness.bill(project);
    expect(after.status).toBe(1);
    expect(after.report?.customers).toMatchObject([{ correction: 0, unbilled: '2' }]);
  });
});

describe('usage that is less than was billed', () => {
  it('becomes credit of the customer, which pays for what comes next', async () => {
    const project = await harness.newProject();
    await harness.store(project, [
      { customer: 'acme', model: 'right', cost: priced('5') },
      { customer: 'acme', model: 'twice', cost: priced('1.25') },
    ]);
    expect((await harness.bill(project)).report?.customers).toMatchObject([{ amount: '6.25' }]);
    await harness.remove(project, 'twice');

    const credit = await harness.bill(project);
    expect(credit.status).toBe(0);
    expect(credit.report?.customers).toMatchObject([
      { correction: 0, amount: '6.25', unbilled: '0' },
      {
        correction: 1,
        amount: '-1.25',
        read_back: '-1.25',
        difference: '0',
        stripe_status: 'paid',
        lines: [
          {
            description: 'correction of 2026-11, openai twice: 1 event fewer',
            events: -1,
            amount: '-1.25',
          },
        ],
      },
    ]);

    await harness.store(project, [{ customer: 'acme', model: 'right', cost: priced('2') }]);
    const next = await harness.bill(project);
    expect(next.report?.customers[2]).toMatchObject({ correction: 2, amount: '2', read_back: '2' });
    const due = await harness.stripe.invoices.retrieve(
      next.report?.customers[2]?.stripe_invoice ?? '',
    );
    expect(due).toMatchObject({ total: 200, amount_due: 75 });
  });
});
