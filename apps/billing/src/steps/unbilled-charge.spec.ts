import { describe, expect, it } from '@jest/globals';
import { decimalFromCharge, invoiceLines, parseMarkup, type UsageTotal } from '#invoicing';
import { picoFromDecimal } from '#money';
import { unbilledCharge } from './unbilled-charge.js';

const used = (model: string, cost: string, unpricedEvents = 0): UsageTotal => ({
  provider: 'openai',
  model,
  events: 5,
  unpricedEvents,
  costPico: picoFromDecimal(cost) ?? 0n,
});

describe('unbilledCharge', () => {
  const markup = parseMarkup('1.5') ?? 0n;
  const frozen = invoiceLines([used('a', '1.001'), used('b', '0.2')], markup);

  it('is nothing for the usage that was frozen, in any order', () => {
    expect(unbilledCharge([used('b', '0.2'), used('a', '1.001')], frozen, markup)).toBe(0n);
  });

  it('is the charge of what came since, of old models and new', () => {
    const now = [used('a', '1.001000000001'), used('b', '0.25'), used('c', '3')];
    // (0.000000000001 + 0.05 + 3) x 1.5
    expect(decimalFromCharge(unbilledCharge(now, frozen, markup))).toBe('4.5750000000015');
  });

  it('leaves out what has no price', () => {
    const now = [used('a', '1.001'), used('b', '0.2'), used('c', '0', 5)];
    expect(unbilledCharge(now, frozen, markup)).toBe(0n);
  });
});
