import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type UsageField } from '#contracts';
import { picoFromDecimal } from '#money';
import { type Charge } from './carve-quantities.js';
import { priceCharges } from './price-charges.js';
import { rateCardOf } from './rate-card.js';

const FIELDS = {
  input_mtok: 'input_tokens',
  output_mtok: 'output_tokens',
  audio_hours: 'audio_seconds',
} as const;

function price(prices: Record<string, string>, quantities: number[], inputTokens = 0) {
  const card = rateCardOf(prices);
  const charges = Object.keys(prices).map((key, place): Charge => {
    const field: UsageField = FIELDS[key as keyof typeof FIELDS];
    return { rate: card.rates.find((rate) => rate.field === field)!, quantity: quantities[place]! };
  });
  return priceCharges(charges, card.denominator, inputTokens);
}

const amounts = (priced: ReturnType<typeof price>) => priced.lines.map(({ amount }) => amount);

describe('rounding an event', () => {
  // 0.0000005 dollars for a million is half a pico-dollar for one.
  it('is half up, once for the whole event', () => {
    const half = { input_mtok: '0.0000005', output_mtok: '0.0000005' };
    expect(price(half, [1, 0]).pico).toBe(1n);
    expect(price(half, [1, 1]).pico).toBe(1n);
    expect(price(half, [3, 1]).pico).toBe(2n);
  });

  it('gives what is left over to the lines with the largest remainders, the first among equals', () => {
    // 0.3, 0.4 and 0 pico-dollars left over by the lines; 0.7 rounds to one.
    const uneven = { input_mtok: '0.0000013', output_mtok: '0.0000024' };
    expect(amounts(price(uneven, [1, 1]))).toEqual(['0.000000000001', '0.000000000003']);
    const even = { input_mtok: '0.0000005', output_mtok: '0.0000005' };
    expect(amounts(price(even, [1, 1]))).toEqual(['0.000000000001', '0']);
  });

  it('makes lines that add up to the amount, whatever the prices', () => {
    const dollars = fc.bigInt({ min: 0n, max: 10n ** 18n }).map((units) => {
      const digits = units.toString().padStart(17, '0');
      return `${digits.slice(0, -16)}.${digits.slice(-16)}`;
    });
    const quantity = fc.integer({ min: 0, max: 10 ** 9 });
    fc.assert(
      fc.property(dollars, dollars, dollars, quantity, quantity, quantity, (a, b, c, x, y, z) => {
        const prices = { input_mtok: a, output_mtok: b, audio_hours: c };
        const { pico, lines } = price(prices, [x, y, z]);
        const sum = lines.reduce((total, line) => total + picoFromDecimal(line.amount)!, 0n);
        expect(sum).toBe(pico);
      }),
    );
  });
});

describe('free', () => {
  it('is what has an explicit price of zero', () => {
    expect(price({ input_mtok: '0' }, [5])).toMatchObject({ costsMoney: false, pico: 0n });
    expect(price({ input_mtok: '0.0000001' }, [1])).toMatchObject({ costsMoney: true, pico: 0n });
    expect(price({ input_mtok: '0', output_mtok: '1' }, [1, 1]).costsMoney).toBe(true);
  });
});
