import { describe, expect, it } from '@jest/globals';
import { METERS } from './catalogue.js';
import { decimalFromUnits, unitsFromDecimal } from './unit.js';

describe('the unit that a measure is counted in', () => {
  it.each([
    ['cost', '12.5', 12_500_000_000_000n],
    ['cost', '0.000000000001', 1n],
    ['tokens', '3000', 3_000n],
    ['requests', '99999999999999', 99_999_999_999_999n],
  ] as const)('of %s, %s is exact both ways', (measure, text, units) => {
    expect(unitsFromDecimal(text, METERS[measure].unit)).toBe(units);
    expect(decimalFromUnits(units, METERS[measure].unit)).toBe(text);
  });

  it.each([
    ['cost', '0.0000000000011', 2n],
    ['cost', '0.0000000000001', 1n],
    ['tokens', '2.01', 3n],
    ['tokens', '2.00', 2n],
  ] as const)(
    'of %s, %s is rounded up: what is below must not reach it',
    (measure, text, units) => {
      expect(unitsFromDecimal(text, METERS[measure].unit)).toBe(units);
    },
  );

  it('is refused for what is no decimal', () => {
    expect(() => unitsFromDecimal('1e3', METERS.cost.unit)).toThrow('not a decimal: 1e3');
  });
});
