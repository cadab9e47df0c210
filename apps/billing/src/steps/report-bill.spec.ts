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
});
