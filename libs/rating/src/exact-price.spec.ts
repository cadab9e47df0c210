import { describe, expect, it } from '@jest/globals';
import { formatDecimal } from '#money';
import { decimalOf, picoPerUnit } from './exact-price.js';

describe('a written price', () => {
  it.each<[number | string, string]>([
    [2.5, '2.5'],
    [0.1, '0.1'],
    [0.08333333333333334, '0.08333333333333334'],
    [1e-7, '0.0000001'],
    [1.25e-8, '0.0000000125'],
    [1.5e21, '1500000000000000000000'],
    [0, '0'],
    ['0.30000000000000000001', '0.30000000000000000001'],
  ])('%p is %s, exactly', (written, decimal) => {
    expect(formatDecimal(decimalOf(written))).toBe(decimal);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '-0.1', '1e3', '', '1,5'])(
    '%p is refused',
    (written) => expect(() => decimalOf(written)).toThrow('is not a price'),
  );

  it('is a reduced fraction of pico-dollars for one unit', () => {
    expect(picoPerUnit(decimalOf(2.5), 1_000_000)).toEqual({
      numerator: 2_500_000n,
      denominator: 1n,
    });
    expect(picoPerUnit(decimalOf('0.111'), 3600)).toEqual({
      numerator: 92_500_000n,
      denominator: 3n,
    });
  });
});
