import { describe, expect, it } from '@jest/globals';
import { chargeFromDecimal, decimalFromCharge, parseMarkup } from './charge.js';

describe('a charge in words', () => {
  it.each([
    ['1.5', 15n * 10n ** 23n],
    ['1.50000', 15n * 10n ** 23n],
    ['-0.004', -4n * 10n ** 21n],
    ['0.000000000000000000000001', 1n],
    ['142', 142n * 10n ** 24n],
  ])('%s is read to its last digit', (text, units) => {
    expect(chargeFromDecimal(text)).toBe(units);
    expect(chargeFromDecimal(decimalFromCharge(units))).toBe(units);
  });

  it.each(['0.0000000000000000000000001', '', 'x', '1e3', '1,5'])(
    '%s is none, or finer than a charge can be',
    (text) => {
      expect(chargeFromDecimal(text)).toBeNull();
    },
  );
});

describe('a markup', () => {
  it.each([
    ['1.25', 1_250_000_000_000n],
    ['0', 0n],
    ['-0.1', null],
    ['x', null],
    ['1.0000000000001', null],
  ])('%s', (text, units) => {
    expect(parseMarkup(text)).toBe(units);
  });
});
