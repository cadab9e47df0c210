import { describe, expect, it } from '@jest/globals';
import { formatBill } from './format-bill.js';
import type { BillReport, CustomerReport } from './report-bill.js';

const acme: CustomerReport = {
  project: 'p1',
  customer: 'acme',
  correction: 0,
  lines: [
    {
      provider: 'openai',
      model: 'gpt-4o',
      description: 'openai gpt-4o',
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
  stripe_invoice: 'in_1',
  stripe_status: 'open',
  read_back: '1.23',
  difference: '-0.01',
  unbilled: '0.5',
  unpriced_events: 0,
  problem: null,
  note: null,
};
const bill = (over: Partial<BillReport>): BillReport => ({
  period: '2026-11',
  project: 'p1',
  customers: [acme],
  difference: '0.01',
  warnings: [],
  ...over,
});

describe('a bill for a person', () => {
  it('has every customer with lines, facts and what Stripe said', () => {
    expect(formatBill(bill({ warnings: ['early'] })).split('\n')).toEqual([
      'Bill for 2026-11 (UTC) of project p1',
      '! early',
      '',
      'acme  in_1 (open)',
      '  openai gpt-4o  cost 1.235  amount 1.24  remainder -0.005',
      '  cost 1.235  amount 1.24  remainder -0.005  read back 1.23  difference -0.01  unbilled 0.5',
      '',
      'difference between Stripe and our invoices: 0.01',
      '',
    ]);
  });

  it('names the project of each customer where there are several', () => {
    const lines = formatBill(bill({ project: null })).split('\n');
    expect(lines[0]).toBe('Bill for 2026-11 (UTC)');
    expect(lines[2]).toBe('p1 / acme  in_1 (open)');
  });

  it('says what is missing, what went wrong and what was noted', () => {
    const nobody: CustomerReport = {
      ...acme,
      customer: null,
      correction: 2,
      lines: [],
      stripe_invoice: null,
      stripe_status: null,
      read_back: null,
      difference: null,
      unpriced_events: 3,
      note: 'nothing to correct',
      problem: 'voided',
    };
    expect(
      formatBill(bill({ customers: [nobody] }))
        .split('\n')
        .slice(2, 8),
    ).toEqual([
      '(no customer), correction 2  no invoice',
      '  cost 1.235  amount 1.24  remainder -0.005  read back -  difference -  unbilled 0.5',
      '  3 events have no known price and are not billed',
      '  note: nothing to correct',
      '  PROBLEM: voided',
      '',
    ]);
  });

  it('says that an invoice of no known state is one', () => {
    const customers = [{ ...acme, stripe_status: null }];
    expect(formatBill(bill({ customers }))).toContain('acme  in_1 (unknown)');
  });

  it('says where there is nothing', () => {
    expect(formatBill(bill({ customers: [], difference: '0' })).split('\n')).toEqual([
      'Bill for 2026-11 (UTC) of project p1',
      '',
      'There is nothing to bill.',
      '',
      'difference between Stripe and our invoices: 0',
      '',
    ]);
  });
});
