import { describe, expect, it } from '@jest/globals';
import { rateCardOf } from './rate-card.js';

describe('a rate card', () => {
  it('has one denominator for all rates, and the smallest: of a sixth and a quarter of a pico-dollar, a twelfth', () => {
    // 0.0000000006 dollars an hour are 600 pico-dollars for 3,600 seconds.
    const { rates, denominator } = rateCardOf({
      audio_hours: '0.0000000006',
      input_mtok: '0.00000025',
    });
    expect(denominator).toBe(12n);
    expect(rates.map(({ field, steps }) => [field, steps[0]!.numerator])).toEqual([
      ['audio_seconds', 2n],
      ['input_tokens', 3n],
    ]);
  });

  it('has parts before what contains them, and in it the parts at any depth', () => {
    const { rates } = rateCardOf({
      input_mtok: 5,
      cache_write_mtok: 6,
      cache_write_1h_mtok: 10,
      output_mtok: 25,
      input_audio_mtok: 7,
    });
    expect(rates.map(({ field, parts }) => [field, parts])).toEqual([
      ['cache_write_1h_tokens', []],
      ['input_audio_tokens', []],
      ['cache_write_tokens', ['cache_write_1h_tokens']],
      ['output_tokens', []],
      ['input_tokens', ['cache_write_tokens', 'cache_write_1h_tokens', 'input_audio_tokens']],
    ]);
  });

  it('shows prices as they were written, with the size that they are for', () => {
    const { rates, fields } = rateCardOf({
      web_searches_kcount: { base: '10.50', tiers: [{ start: 100, price: 1e-7 }] },
    });
    expect(rates).toEqual([
      {
        field: 'web_searches',
        per: 1_000,
        steps: [
          { above: -1, price: '10.5', numerator: 10_500_000_000n },
          { above: 100, price: '0.0000001', numerator: 100n },
        ],
        parts: [],
      },
    ]);
    expect([...fields]).toEqual(['web_searches']);
  });

  it('leaves out what the usage vector has no count for, and what has no price', () => {
    const { rates, denominator } = rateCardOf({ moons_kcount: 3, output_mtok: undefined });
    expect([rates, denominator]).toEqual([[], 1n]);
  });

  it('is refused where a part has a price and one of its wholes has none', () => {
    expect(() => rateCardOf({ input_mtok: 1, cache_write_1h_mtok: 2 })).toThrow(
      'cache_write_1h_tokens has a price and cache_write_tokens has none',
    );
  });
});
