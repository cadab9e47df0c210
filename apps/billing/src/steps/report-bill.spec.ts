import { describe, expect, it } from '@jest/globals';
import { invoiceLines, parseMarkup } from '#invoicing';
import type { CustomerOutcome, ProjectOutcome } from '../customer-outcome.js';
import { formatBill } from './format-bill.js';
import { reportBill } from './report-bill.js';

const lines = invoiceLines(
  [
    {
      provider: 'openai',
      model: 'gpt-4o',
      events: 3,
      unpricedEvents: 1,
      costPico: 1_235_000_000_000n,
    },
  ],
  parseMarkup('1') ?? 0n,
);

const customer = (name: string, readBackCents: bigint): CustomerOutcome => ({
  project: 'p1',
  customer: name,
  correction: 0,
  lines,
  amountCents: 124n,
  unbilled: 0n,
  unpricedEvents: 1,
  settlement: { stripeInvoice: `in_${name}`, status: 'open', readBackCents, problem: null },
  note: null,
});

const outcome = (...customers: CustomerOutcome[]): ProjectOutcome => ({
  project: 'p1',
  warning: 'early',
  state: 'billed',
  isClosed: false,
  customers,
});

describe('reportBill', () => {
  it('gives money as decimals, and the remainder its sign', () => {
    expect(reportBill('2026-11', [outcome(customer('acme', 124n))])).toMatchObject({
      period: '2026-11',
      project: 'p1',
      difference: '0',
      warnings: ['early'],
      customers: [
        {
          customer: 'acme',
          cost: '1.235',
          amount: '1.24',
          remainder: '-0.005',
          read_back: '1.24',
          difference: '0',
          unbilled: '0',
          lines: [{ events: 2, cost: '1.235', charge: '1.235', amount: '1.24' }],
        },
      ],
    });
  });

  it('says once what holds for every project', () => {
    const both = [outcome(), { ...outcome(), project: 'p2' }];
    expect(reportBill('2026-11', both).warnings).toEqual(['early']);
  });

  it('does not let a cent too much hide a cent too little', () => {
    const report = reportBill('2026-11', [outcome(customer('a', 125n), customer('b', 123n))]);
    expect(report.customers.map(({ difference }) => difference)).toEqual(['0.01', '-0.01']);
    expect(report.difference).toBe('0.02');
  });

  it('names no single project when the run was about several', () => {
    const busy: ProjectOutcome = { project: 'p2', warning: null, state: 'busy' };
    const report = reportBill('2026-11', [outcome(customer('a', 124n)), busy]);
    expect(report.project).toBeNull();
    expect(report.warnings).toEqual([
      'early',
      'project p2: another run is billing this period; this one did nothing',
    ]);
    expect(formatBill(report)).toContain('p1 / a  in_a (open)');
  });

  it('has for each line all that it is made of', () => {
    const { customers } = reportBill('2026-11', [outcome(customer('acme', 124n))]);
    expect(customers).toEqual([
      {
        project: 'p1',
        customer: 'acme',
        correction: 0,
        lines: [
          {
            provider: 'openai',
            model: 'gpt-4o',
            description: lines[0]!.description,
            events: 2,
            cost: '1.235',
            charge: '1.235',
            amount: '1.24',
            remainder: '-0.005',
          },
        ],
        cost: '1.235',
        amount: '1.24',
        remainder: '-0.005',
        stripe_invoice: 'in_acme',
        stripe_status: 'open',
        read_back: '1.24',
        difference: '0',
        unbilled: '0',
        unpriced_events: 1,
        problem: null,
        note: null,
      },
    ]);
  });

  it('has null for what was not settled, and no remainder of what nobody is invoiced', () => {
    const nobody = { ...customer('nobody', 0n), customer: null, settlement: null, note: 'why' };
    const report = reportBill('2026-11', [outcome(nobody)]);
    expect(report.customers).toMatchObject([
      {
        customer: null,
        remainder: '0',
        stripe_invoice: null,
        stripe_status: null,
        read_back: null,
        difference: null,
        problem: null,
        note: 'why',
      },
    ]);
    expect(report.difference).toBe('0');
  });

  it('has the problem of a settlement, and no difference where nothing was read back', () => {
    const settlement = {
      stripeInvoice: null,
      status: null,
      readBackCents: null,
      problem: 'voided',
    };
    const { customers, difference } = reportBill('2026-11', [
      outcome({ ...customer('acme', 0n), settlement }),
    ]);
    expect(customers).toMatchObject([{ problem: 'voided', read_back: null, difference: null }]);
    expect(difference).toBe('0');
  });

  it('adds up what the lines cost, and what is left over of them', () => {
    const twice = { ...customer('acme', 124n), lines: [...lines, ...lines] };
    expect(reportBill('2026-11', [outcome(twice)]).customers).toMatchObject([
      { cost: '2.47', remainder: '-0.01' },
    ]);
  });

  it('says why a project was not billed, and is about none where there was none', () => {
    const refused: ProjectOutcome = {
      project: 'p1',
      warning: 'early',
      state: 'refused',
      reason: 'it is the demo',
    };
    const report = reportBill('2026-11', [refused]);
    expect(report).toMatchObject({
      project: 'p1',
      customers: [],
      warnings: ['project p1 is not billed: it is the demo'],
    });
    expect(reportBill('2026-11', [])).toMatchObject({ project: null, warnings: [] });
    const silent = { ...outcome(), warning: null };
    expect(reportBill('2026-11', [silent]).warnings).toEqual([]);
  });
});
