import { describe, expect, it } from '@jest/globals';
import type { CustomerOutcome, ProjectOutcome, Settlement } from '../customer-outcome.js';
import { EXIT, exitStatus } from './exit-status.js';

const about = { project: 'p1', warning: null };

const billed = (settlement: Partial<Settlement> | null): ProjectOutcome => {
  const customer: CustomerOutcome = {
    project: 'p1',
    customer: 'acme',
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
  return { ...about, state: 'billed', customers: [customer] };
};

describe('exitStatus', () => {
  it.each<[string, ProjectOutcome[], number]>([
    ['all read back as asked', [billed({})], EXIT.billed],
    ['nothing to settle', [billed(null)], EXIT.billed],
    ['a cent of difference', [billed({}), billed({ readBackCents: 143n })], EXIT.incomplete],
    ['not read back', [billed({ readBackCents: null })], EXIT.incomplete],
    ['a problem', [billed({ problem: 'voided' })], EXIT.incomplete],
    ['refused', [{ ...about, state: 'refused', reason: 'demo' }], EXIT.incomplete],
    ['busy', [billed({}), { ...about, state: 'busy' }], EXIT.busy],
    [
      'busy and a problem',
      [{ ...about, state: 'busy' }, billed({ problem: 'x' })],
      EXIT.incomplete,
    ],
  ])('%s', (_name, outcomes, status) => expect(exitStatus(outcomes)).toBe(status));
});
