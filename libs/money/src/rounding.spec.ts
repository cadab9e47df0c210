import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { divideHalfAwayFromZero } from './rounding.js';

describe('divideHalfAwayFromZero', () => {
  it.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [4n, 3n, 1n],
    [-4n, 3n, -1n],
    [1n, 2n, 1n],
    [0n, 7n, 0n],
  ])('%s / %s = %s', (numerator, denominator, rounded) => {
    expect(divideHalfAwayFromZero(numerator, denominator)).toBe(rounded);
  });

  it('is never further than half a unit away', () => {
    fc.assert(
      fc.property(
        fc.bigInt(),
        fc.bigInt({ min: 1n, max: 10n ** 20n }),
        (numerator, denominator) => {
          const error = divideHalfAwayFromZero(numerator, denominator) * denominator - numerator;
          return 2n * (error < 0n ? -error : error) <= denominator;
        },
      ),
    );
  });
});
