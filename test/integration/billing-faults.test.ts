import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { byTestLength, chooseSeed, SeededRandom } from '#testing';
import { BillingHarness, type BillRun, priced } from './billing-harness.js';

let harness: BillingHarness;
let project: string;

beforeAll(async () => {
  harness = await BillingHarness.open();
});
afterAll(() => harness.close());

/** A customer with two lines: 1.25 and 0.17 (0.166 rounded). */
beforeEach(async () => {
  await harness.simulator.reset();
  project = await harness.newProject();
  await harness.store(project, [
    { customer: 'acme', model: 'a', cost: priced('1.25') },
    { customer: 'acme', model: 'b', cost: priced('0.166') },
  ]);
});

async function expectBilledOnce(): Promise<void> {
  const [invoice, ...corrections] = (await harness.invoicesAtStripe(project)).toReversed();
  expect(corrections).toEqual([]);
  await expectInvoiced([invoice]);
}

type AtStripe = Awaited<ReturnType<BillingHarness['invoicesAtStripe']>>[number];

async function expectInvoiced(invoices: (AtStripe | undefined)[]): Promise<void> {
  expect(invoices).toMatchObject([{ status: 'open', total: 142 }]);
  expect(invoices[0]?.lines.map(([, amount]) => amount)).toEqual([125, 17]);
  const customers = await harness.stripe.customers.list({ limit: 100 });
  expect(customers.data).toHaveLength(1);
}

const writes = {
  customer: '/v1/customers',
  draft: '/v1/invoices',
  lines: '/v1/invoices/*/add_lines',
  finalize: '/v1/invoices/*/finalize',
};
const faults = {
  '500 before the effect, kept under the key': { action: 'status', status: 500, when: 'before' },
  '500 after the effect, kept under the key': { action: 'status', status: 500, when: 'after' },
  '503 before the effect': { action: 'status', status: 503, when: 'before' },
  '429 three times': { action: 'status', status: 429, times: 3 },
  '409, the key in use': { action: 'status', status: 409 },
  'connection reset before the effect': { action: 'reset', when: 'before', times: 2 },
  'connection reset after the effect': { action: 'reset', when: 'after', times: 2 },
  'no answer, before the effect': { action: 'hang', when: 'before' },
  'no answer, after the effect': { action: 'hang', when: 'after' },
  'an answer cut short': { action: 'truncate', when: 'after' },
};

type FaultAtWrite = [fault: string, write: keyof typeof writes];

const everyFaultAtEveryWrite = Object.keys(faults).flatMap((fault) =>
  Object.keys(writes).map((write): FaultAtWrite => [fault, write as keyof typeof writes]),
);

/** What can bill twice: the write took effect, and nobody heard of it. */
const EFFECT_UNHEARD = ['connection reset after the effect', 'no answer, after the effect'];

/** Each fault once, those whose effect is unheard at every write; the others are paired anew by every run. */
function everyFaultOnce(seed: number): FaultAtWrite[] {
  process.stderr.write(`billing-faults: TEST_SEED=${seed}\n`);
  const random = new SeededRandom(seed);
  const order = random.shuffled(Object.keys(writes));
  const once = random
    .shuffled(Object.keys(faults))
    .map((fault, n): FaultAtWrite => [fault, order[n % order.length] as keyof typeof writes]);
  return [
    ...once.filter(([fault]) => !EFFECT_UNHEARD.includes(fault)),
    ...everyFaultAtEveryWrite.filter(([fault]) => EFFECT_UNHEARD.includes(fault)),
  ];
}

const faultsAtWrites = byTestLength({
  short: () => everyFaultOnce(chooseSeed()),
  long: () => everyFaultAtEveryWrite,
})();

describe('a fault', () => {
  it.each(faultsAtWrites)(
    '%s, at the %s: billed once, in this run or the next',
    async (name, write) => {
      const path = writes[write];
      const fault = faults[name as keyof typeof faults];
      await harness.simulator.addFault({ path, ...fault });
      let run = await harness.bill(project);
      if (run.status !== 0) {
        // Not billed is told, never passed over.
        expect(run.report?.customers[0]?.problem ?? run.stderr).toContain('Stripe');
        run = await harness.bill(project);
      }
      expect(run.status).toBe(0);
      expect(run.report?.customers).toMatchObject([
        {
          customer: 'acme',
          amount: '1.42',
          remainder: '-0.004',
          read_back: '1.42',
          difference: '0',
        },
      ]);
      await expectBilledOnce();
    },
  );
});

const failpoints = [
  'billing.frozen',
  'billing.customer_created',
  'billing.draft_created',
  'billing.draft_stored',
  'billing.lines_added',
  'billing.finalized',
];

describe('a crash', () => {
  it.each(failpoints)(
    'at %s: the next run finishes the same invoice, and corrects what came since',
    async (failpoint) => {
      const crashed = await harness.bill(project, { env: { FAILPOINT: failpoint } });
      expect(crashed.status).toBeNull();
      // What comes in between belongs to no frozen invoice.
      await harness.store(project, [{ customer: 'acme', model: 'b', cost: priced('0.3') }]);
      const { status, report } = await harness.bill(project);
      expect(status).toBe(0);
      // In all 0.466 of the model: 0.47, of which 0.17 was asked before.
      expect(report?.customers).toMatchObject([
        { correction: 0, amount: '1.42', read_back: '1.42', unbilled: '0' },
        { correction: 1, amount: '0.3', read_back: '0.3', remainder: '0' },
      ]);
      const [invoice, correction, ...others] = (
        await harness.invoicesAtStripe(project)
      ).toReversed();
      expect(others).toEqual([]);
      expect(correction).toMatchObject({ status: 'open', total: 30 });
      await expectInvoiced([invoice]);
    },
  );

  it('followed by two days of silence: Stripe has forgotten the keys, and the draft is found all the same', async () => {
    const crashed = await harness.bill(project, { env: { FAILPOINT: 'billing.draft_created' } });
    expect(crashed.status).toBeNull();
    await harness.simulator.advanceClock(2 * 24 * 3600);
    expect((await harness.bill(project)).status).toBe(0);
    await expectBilledOnce();
  });

  it('of Stripe during the run: the next one finishes', async () => {
    await harness.simulator.addFault({
      path: writes.lines,
      action: 'hang',
      when: 'before',
      times: 9,
    });
    const run = await harness.bill(project);
    expect(run.status).toBe(1);
    expect(run.report?.customers[0]?.problem).toContain('ambiguous');
    await harness.restartSimulator();
    expect((await harness.bill(project)).status).toBe(0);
    await expectBilledOnce();
  });
});

describe('a correction', () => {
  /** Bills the month, and lets 0.30 of one model and 2 of a new one come late. */
  async function billThenUse(): Promise<void> {
    expect((await harness.bill(project)).status).toBe(0);
    await harness.store(project, [
      { customer: 'acme', model: 'b', cost: priced('0.3') },
      { customer: 'acme', model: 'c', cost: priced('2') },
    ]);
  }

  async function expectCorrectedOnce({ status, report }: BillRun): Promise<void> {
    expect(status).toBe(0);
    expect(report?.customers).toMatchObject([
      { correction: 0, amount: '1.42', read_back: '1.42', difference: '0', unbilled: '0' },
      { correction: 1, amount: '2.3', read_back: '2.3', difference: '0', unbilled: '0' },
    ]);
    const [invoice, correction, ...others] = (await harness.invoicesAtStripe(project)).toReversed();
    expect(others).toEqual([]);
    expect(correction).toMatchObject({ status: 'open', total: 230 });
    expect(correction?.lines.map(([, amount]) => amount)).toEqual([200, 30]);
    await expectInvoiced([invoice]);
  }

  // Its customer is there already: the other five are its writes.
  it.each(failpoints.filter((name) => name !== 'billing.customer_created'))(
    'that is killed at %s is finished by the next run, once',
    async (failpoint) => {
      await billThenUse();
      const crashed = await harness.bill(project, { env: { FAILPOINT: failpoint } });
      expect(crashed.status).toBeNull();
      await expectCorrectedOnce(await harness.bill(project));
    },
  );

  it.each(['draft', 'lines', 'finalize'] as const)(
    'whose %s took effect unheard is asked for once',
    async (write) => {
      await billThenUse();
      const fault = faults['connection reset after the effect'];
      await harness.simulator.addFault({ path: writes[write], ...fault });
      let run = await harness.bill(project);
      if (run.status !== 0) run = await harness.bill(project);
      await expectCorrectedOnce(run);
    },
  );

  it('that two runners make at once is made once', async () => {
    await billThenUse();
    await harness.simulator.addFault({ path: writes.draft, action: 'delay', delay_ms: 400 });
    await Promise.all(Array.from({ length: 2 }, () => harness.bill(project)));
    await expectCorrectedOnce(await harness.bill(project));
  });
});

describe('other hands', () => {
  it('two runners at once: one bills, the other says so and does nothing', async () => {
    await harness.simulator.addFault({ path: writes.draft, action: 'delay', delay_ms: 400 });
    const runs = await Promise.all(Array.from({ length: 3 }, () => harness.bill(project)));
    const statuses = runs.map(({ status }) => status);
    expect(statuses.filter((status) => status === 0).length).toBeGreaterThanOrEqual(1);
    for (const { status, report, stderr } of runs.filter((run) => run.status !== 0)) {
      expect(status).toBe(3);
      expect(report?.customers).toEqual([]);
      expect(stderr).toContain('another run is billing this period');
    }
    await expectBilledOnce();
  });

  it('a line added to the draft in the Dashboard: not finalized, the difference is shown', async () => {
    await harness.bill(project, { env: { FAILPOINT: 'billing.draft_stored' } });
    const [draft] = (await harness.stripe.invoices.list()).data;
    await harness.stripe.invoices.addLines(draft?.id ?? '', { lines: [{ amount: 500 }] });
    const { status, report } = await harness.bill(project);
    expect(status).toBe(1);
    expect(report).toMatchObject({
      difference: '5',
      customers: [{ amount: '1.42', read_back: '6.42', difference: '5', stripe_status: 'draft' }],
    });
    expect(report?.customers[0]?.problem).toContain('not finalized');
  });

  it('lines edited so that the total stays right: refused, and the draft stays one', async () => {
    await harness.bill(project, { env: { FAILPOINT: 'billing.lines_added' } });
    const [draft] = (await harness.stripe.invoices.list()).data;
    const items = await harness.stripe.invoiceItems.list({ invoice: draft?.id ?? '' });
    for (const { id, amount } of items.data)
      await harness.stripe.invoiceItems.update(id, { amount: amount === 125 ? 124 : 18 });
    const { status, report } = await harness.bill(project);
    expect(status).toBe(1);
    expect(report?.customers[0]?.problem).toContain('was changed at Stripe');
    expect(await harness.invoicesAtStripe(project)).toMatchObject([
      { status: 'draft', total: 142 },
    ]);
  });

  it('a key that Stripe refuses stops the run, and nothing is lost', async () => {
    await harness.simulator.addFault({ path: writes.customer, action: 'status', status: 401 });
    const run = await harness.bill(project);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('Stripe refuses the key');
    expect((await harness.bill(project)).status).toBe(0);
    await expectBilledOnce();
  });
});

describe('the run after', () => {
  it('sends Stripe no write', async () => {
    await harness.bill(project);
    const before = (await harness.simulator.requests()).length;
    await harness.bill(project);
    const later = (await harness.simulator.requests()).slice(before);
    expect(later.map(({ method }) => method)).toEqual(['GET']);
  });
});
