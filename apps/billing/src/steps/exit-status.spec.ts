import { describe, expect, it } from '@jest/globals';
import type { CustomerOutcome, ProjectOutcome, Settlement } from '../customer-outcome.js';
import { EXIT, exitStatus } from './exit-status.js';

const about = { project: 'p1', warning: null };

const billed = (settlement: Partial<Settlement> | null): ProjectOutcome => {
  const customer: CustomerOutcome = {
    project: 'p1',
    customer: 'acme',
    correction: 0,
    lines: [],
    amountCents: 142n,
    unbilled: 0n,
    unpricedEvents: 0,
    settlement: settlement && {
      stripeInvoice: 'in_1',
      status: 'open',
      readBackCents: 142n,
      problem: null,
      ...settlement,
    },
    note: null,
  };
  return { ...about, state: 'billed', isClosed: true, customers: [customer] };
};

const leaving = (rest: Partial<CustomerOutcome>, isClosed = true): ProjectOutcome => {
  const outcome = billed({});
  if (outcome.state !== 'billed') throw new Error('not billed');
  return {
    ...outcome,
    isClosed,
    customers: outcome.customers.map((each) => ({ ...each, ...rest })),
  };
};

/** The customers of all of them in one project. */
const together = (...outcomes: ProjectOutcome[]): ProjectOutcome => {
  const customers = outcomes.flatMap((each) => (each.state === 'billed' ? each.customers : []));
  return { ...about, state: 'billed', isClosed: true, customers };
};

describe('exitStatus', () => {
  it.each<[string, ProjectOutcome[], number]>([
    ['all read back as asked', [billed({})], EXIT.billed],
    ['nothing to settle', [billed(null)], EXIT.billed],
    ['a cent of difference', [billed({}), billed({ readBackCents: 143n })], EXIT.incomplete],
    ['not read back', [billed({ readBackCents: null })], EXIT.incomplete],
    ['a problem', [billed({ problem: 'voided' })], EXIT.incomplete],
    [
      'a problem of one customer among several',
      [together(billed({}), billed({ problem: 'voided' }), billed(null))],
      EXIT.incomplete,
    ],
    [
      'usage of one customer among several on no invoice',
      [together(billed({}), leaving({ unbilled: 1n }))],
      EXIT.leftOver,
    ],
    ['usage on no invoice', [billed({}), leaving({ unbilled: 1n })], EXIT.leftOver],
    ['usage that was taken away', [leaving({ unbilled: -1n })], EXIT.leftOver],
    ['usage without a price', [leaving({ unpricedEvents: 1 })], EXIT.leftOver],
    ['usage that may still be billed', [leaving({ unbilled: 1n }, false)], EXIT.billed],
    [
      'left usage, and busy elsewhere',
      [leaving({ unbilled: 1n }), { ...about, state: 'busy' }],
      EXIT.busy,
    ],
    [
      'left usage, and a problem',
      [leaving({ unbilled: 1n }), billed({ problem: 'x' })],
      EXIT.incomplete,
    ],
    ['refused', [{ ...about, state: 'refused', reason: 'demo' }], EXIT.incomplete],
    ['busy', [billed({}), { ...about, state: 'busy' }], EXIT.busy],
    [
      'busy and a problem',
      [{ ...about, state: 'busy' }, billed({ problem: 'x' })],
      EXIT.incomplete,
    ],
  ])('%s', (_name, outcomes, status) => expect(exitStatus(outcomes)).toBe(status));

  it('tells by five numbers, of which 0 alone is all right', () => {
    expect(EXIT).toEqual({ billed: 0, incomplete: 1, wrongUsage: 2, busy: 3, leftOver: 4 });
  });
});
