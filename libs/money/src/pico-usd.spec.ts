import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalFromPico, picoFromDecimal } from './pico-usd.js';

describe('pico-dollars on the wire', () => {
  it.each([
    ['0', 0n],
    ['0.00675', 6_750_000_000n],
    ['-1.5', -1_500_000_000_000n],
    ['0.000000000001', 1n],
    ['92233720368547.758079', 92_233_720_368_547_758_079_000_000n],
  ])('%s is exact', (text, pico) => {
    expect(picoFromDecimal(text)).toBe(pico);
    expect(decimalFromPico(pico)).toBe(text);
  });

  it.each(['1e3', '', '.5', '5.', '+1', ' 1', '1,000', 'NaN', '0.0000000000001'])(
    'refuses %j',
    (text) => expect(picoFromDecimal(text)).toBeNull(),
  );

  it('accepts digits beyond the twelfth when they are zeros', () => {
    expect(picoFromDecimal('0.5000000000000')).toBe(500_000_000_000n);
  });

  it('reads back every amount it writes', () => {
    fc.assert(fc.property(fc.bigInt(), (pico) => picoFromDecimal(decimalFromPico(pico)) === pico));
  });
});
