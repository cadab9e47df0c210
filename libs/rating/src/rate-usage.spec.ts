import { describe, expect, it } from '@jest/globals';
import { type UsageField, type UsageVector } from '#contracts';
import { rateCardOf } from './rate-card.js';
import { rateUsage } from './rate-usage.js';

type Prices = Parameters<typeof rateCardOf>[0];
const rate = (prices: Prices, usage: UsageVector) => rateUsage(rateCardOf(prices), usage, 'v');
const TOKENS = { input_mtok: 1, output_mtok: 2 };

describe('a part without a price of its own', () => {
  const wholesOf = (part: UsageField): UsageVector => ({
    input_tokens: 1_000,
    output_tokens: 1_000,
    ...(part.startsWith('cache_write_') && { cache_write_tokens: 1_000 }),
  });

  it.each<UsageField>([
    'cache_write_1h_tokens',
    'input_audio_tokens',
    'input_image_tokens',
    'input_video_tokens',
    'output_audio_tokens',
    'output_image_tokens',
    'output_video_tokens',
  ])('of %s leaves its total without one: nobody sells it at the price of others', (part) => {
    expect(rate(TOKENS, { ...wholesOf(part), [part]: 10 })).toMatchObject({
      state: 'unpriced',
      reason: 'missing_dimension',
      detail: `no price for ${part}`,
      // The other total: a thousand of output at 2 dollars a million, or of input at 1.
      partial: part.startsWith('output_') ? '0.001' : '0.002',
    });
  });

  it.each<UsageField>([
    'cache_read_tokens',
    'cache_write_5m_tokens',
    'input_text_tokens',
    'input_tool_tokens',
    'output_reasoning_tokens',
    'output_text_tokens',
    'output_citation_tokens',
  ])('of %s is charged with what contains it', (part) => {
    const cost = rate(TOKENS, { ...wholesOf(part), [part]: 10 });
    expect(cost).toMatchObject({ state: 'priced', amount: '0.003' });
  });
});

describe('what is wrong', () => {
  it('is said of everything, in one line', () => {
    const usage = { input_tokens: -1, output_tokens: 0.5 };
    expect(rate(TOKENS, usage)).toMatchObject({
      detail:
        'input_tokens is not a whole, non-negative number; output_tokens is not a whole, non-negative number',
    });
    const unknown = { input_tokens: 1, web_searches: 2, images: 1 };
    expect(rate(TOKENS, unknown)).toMatchObject({ detail: 'no price for web_searches, images' });
  });

  it('is not said of what was used none of', () => {
    expect(rate(TOKENS, { input_tokens: 1_000, images: 0 })).toMatchObject({ amount: '0.001' });
  });
});

describe('calls', () => {
  it('alone are priced by a model that asks for calls alone', () => {
    expect(rate({ requests_kcount: 5 }, { requests: 2 })).toMatchObject({ amount: '0.01' });
  });

  it.each<[string, Prices]>([
    ['asks for tokens', { input_mtok: 1 }],
    ['asks for calls and tokens', { ...TOKENS, requests_kcount: 5 }],
  ])('alone say too little to a model that %s', (_, prices) => {
    expect(rate(prices, { requests: 2 })).toMatchObject({
      state: 'unpriced',
      reason: 'no_usage',
      detail: 'calls are counted, but not what they used',
    });
  });
});

describe('free', () => {
  it('is what costs nothing in all of its lines', () => {
    const prices = { input_mtok: 0, output_mtok: 2 };
    expect(rate(prices, { input_tokens: 5 })).toMatchObject({ state: 'free', amount: '0' });
    expect(rate(prices, { input_tokens: 5, output_tokens: 5 })).toMatchObject({
      state: 'priced',
      amount: '0.00001',
    });
  });
});
