import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UsageVector } from '#contracts';
import { createPriceBook, type PriceBook, type RatingRequest } from './price-book.js';

let book: PriceBook;
beforeAll(async () => {
  book = await createPriceBook();
});

const CALL: RatingRequest = {
  provider: 'openai',
  model: 'gpt-4o',
  usage: { input_tokens: 1000, output_tokens: 500 },
  eventTimeMs: Date.UTC(2026, 10, 1),
  serviceTier: null,
  batch: null,
  region: null,
};

const rate = (changed: Partial<RatingRequest>) => book.rateUsage({ ...CALL, ...changed });

describe('what has no price is unpriced with its reason, never zero', () => {
  it.each<[string, Partial<RatingRequest>, string, string]>([
    ['a provider that nobody lists', { provider: 'ibm.watsonx.ai' }, 'unknown_provider', '0'],
    ['a model that nobody lists', { model: 'gpt-9-mystery' }, 'unknown_model', '0'],
    ['no model', { model: null }, 'unknown_model', '0'],
    [
      'a model that points to nobody',
      { provider: null, model: 'mystery' },
      'unknown_provider',
      '0',
    ],
    [
      'a model that points to two',
      { provider: null, model: 'claude-gemini' },
      'unknown_provider',
      '0',
    ],
    ['no usage', { usage: undefined }, 'no_usage', '0'],
    ['an empty vector', { usage: {} }, 'no_usage', '0'],
    ['a vector of nothing', { usage: { input_tokens: undefined } }, 'no_usage', '0'],
    ['calls and nothing of what they used', { usage: { requests: 2 } }, 'no_usage', '0'],
    ['another tier of service', { serviceTier: 'priority' }, 'no_variant', '0'],
    ['batch processing', { batch: true }, 'no_variant', '0'],
    [
      'a count without a price: the rest is kept beside',
      { usage: { input_tokens: 1000, output_tokens: 500, images: 2 } },
      'missing_dimension',
      '0.0075',
    ],
    [
      'audio that is listed at no rate of its own, in and out',
      {
        model: 'gpt-4o-audio-preview',
        usage: {
          input_tokens: 100_000,
          input_audio_tokens: 100_000,
          output_tokens: 10_000,
          output_audio_tokens: 10_000,
        },
      },
      'missing_dimension',
      '0',
    ],
    [
      'pictures and films in the prompt: what was answered is kept beside',
      {
        usage: {
          input_tokens: 1000,
          input_image_tokens: 30,
          input_video_tokens: 40,
          output_tokens: 500,
        },
      },
      'missing_dimension',
      '0.005',
    ],
    [
      'a cache written for an hour where only the five minutes have a price',
      {
        provider: 'google',
        model: 'claude-sonnet-4-5',
        usage: { input_tokens: 100, cache_write_tokens: 20, cache_write_1h_tokens: 20 },
      },
      'missing_dimension',
      '0',
    ],
    ['pictures', { model: 'dall-e-3', usage: { images: 1 } }, 'unknown_model', '0'],
    [
      'output of a model that sells input only',
      { model: 'text-embedding-3-small', usage: { input_tokens: 1_000_000, output_tokens: 1 } },
      'missing_dimension',
      '0.02',
    ],
    [
      'a model listed without any price',
      { provider: 'openrouter', model: 'openai/gpt-oss-20b:free' },
      'missing_dimension',
      '0',
    ],
  ])('%s', (_case, changed, reason, partial) => {
    expect(rate(changed)).toMatchObject({ state: 'unpriced', reason, partial });
  });

  it.each<[Partial<RatingRequest>, string]>([
    [{ provider: 'ibm.watsonx.ai' }, 'no prices for provider ibm.watsonx.ai'],
    [{ model: 'gpt-9-mystery' }, 'no price for model gpt-9-mystery at provider openai'],
    [{ model: null }, 'the event names no model'],
    [
      { provider: null, model: 'mystery' },
      'the event names no provider, and mystery does not point to exactly one',
    ],
    [{ usage: {} }, 'the event reports no usage'],
    [{ usage: { input_tokens: undefined } }, 'the event reports no usage'],
    [{ serviceTier: ' Priority' }, 'no price for service tier priority'],
    [{ batch: true }, 'no price for batch processing'],
    [{ model: 'gpt-5.4', region: 'EU' }, 'no price for region eu, which costs more'],
  ])('%j is told with what led nowhere', async (changed, detail) => {
    // A book remembers what it found out of a model.
    const fresh = await createPriceBook();
    expect(fresh.rateUsage({ ...CALL, ...changed })).toMatchObject({ state: 'unpriced', detail });
  });

  it.each(['standard', 'default', 'auto', 'on_demand', ' Default ', ''])(
    'tier %j is the list price',
    (tier) => {
      expect(rate({ serviceTier: tier, batch: false })).toMatchObject({ amount: '0.0075' });
    },
  );

  it('zero of a count without a price changes nothing', () => {
    const usage = { input_tokens: 1000, output_tokens: 500, rerank_searches: 0, images: 0 };
    expect(rate({ usage })).toMatchObject({ state: 'priced', amount: '0.0075' });
  });

  it('a count that is not there changes nothing', () => {
    const usage = { input_tokens: 1000, output_tokens: 500, images: undefined } as UsageVector;
    expect(rate({ usage })).toMatchObject({ state: 'priced', amount: '0.0075' });
  });

  it('nothing used costs exactly nothing, and is not called free', () => {
    const usage = { input_tokens: 0, output_tokens: 0 };
    expect(rate({ usage })).toMatchObject({ state: 'priced', amount: '0', lines: [] });
  });
});

describe('counts that contradict one another', () => {
  it.each<[string, UsageVector, string]>([
    ['more cached than sent', { input_tokens: 100, cache_read_tokens: 101 }, '0'],
    [
      'cached and written more than sent',
      { input_tokens: 100, cache_read_tokens: 60, cache_write_tokens: 41 },
      '0',
    ],
    ['cached, and no total', { cache_read_tokens: 10 }, '0'],
    [
      'written for an hour, and nothing written',
      { input_tokens: 100, cache_write_1h_tokens: 10 },
      '0',
    ],
    [
      'more reasoning than output',
      { input_tokens: 1000, output_tokens: 5, output_reasoning_tokens: 6 },
      '0.0025',
    ],
    ['a modality above the total', { output_tokens: 10, output_audio_tokens: 11 }, '0'],
    [
      'cached audio above audio',
      { input_tokens: 9, cache_read_tokens: 5, input_audio_tokens: 2, cache_audio_read_tokens: 3 },
      '0',
    ],
    ['a negative count', { input_tokens: -1, output_tokens: 500 }, '0.005'],
    ['half a token', { input_tokens: 0.5, output_tokens: 500 }, '0.005'],
  ])('%s: unpriced, with what is consistent kept', (_case, usage, partial) => {
    expect(rate({ usage })).toMatchObject({
      state: 'unpriced',
      reason: 'inconsistent_usage',
      partial,
    });
  });

  it('cached audio that was not told apart has no single price', () => {
    const usage = { input_tokens: 100, input_audio_tokens: 40, cache_read_tokens: 20 };
    expect(rate({ model: 'gpt-realtime', usage })).toMatchObject({
      reason: 'inconsistent_usage',
      detail: 'cache_audio_read_tokens is needed: it may be 0 to 20, at different prices',
    });
  });

  it('cached audio that follows from the other counts is priced', () => {
    // All is audio: 20 cached at 0.4/M and 80 at 32/M.
    const usage = { input_tokens: 100, input_audio_tokens: 100, cache_read_tokens: 20 };
    expect(rate({ model: 'gpt-realtime', usage })).toMatchObject({ amount: '0.002568' });
  });

  it('cached audio is none where all that was cached is told to be pictures', () => {
    // 20 cached picture tokens at 0.5/M, 40 audio at 32/M, 40 text at 4/M.
    const usage = {
      input_tokens: 100,
      input_audio_tokens: 40,
      input_image_tokens: 20,
      cache_read_tokens: 20,
      cache_image_read_tokens: 20,
    };
    expect(rate({ model: 'gpt-realtime', usage })).toMatchObject({ amount: '0.00145' });
  });
});

describe('a region that costs more than listed', () => {
  it.each([
    ['anthropic', 'claude-opus-4-6', 'us'],
    ['anthropic', 'claude-sonnet-4-6', 'US'],
    ['anthropic', 'claude-opus-5', 'us'],
    ['openai', 'gpt-5.4', 'eu'],
    ['openai', 'gpt-5.5', ' us '],
    ['azure', 'gpt-4o', 'swedencentral'],
    ['azure.ai.openai', 'gpt-4o', 'eu'],
    ['gcp.vertex_ai', 'claude-haiku-4-5', 'europe-west1'],
    ['google', 'gemini-3.5-flash', 'us-central1'],
  ])('%s %s in %s: has no price', (provider, model, region) => {
    const usage = { input_tokens: 1000 };
    expect(rate({ provider, model, usage, region })).toMatchObject({
      state: 'unpriced',
      reason: 'no_variant',
      detail: expect.stringContaining(region.trim().toLowerCase()),
    });
    expect(rate({ provider, model, usage, region: 'global' })).toMatchObject({ state: 'priced' });
    expect(rate({ provider, model, usage, region: '' })).toMatchObject({ state: 'priced' });
  });

  it.each([
    ['anthropic', 'claude-sonnet-4-5-20250929', 'us'],
    ['anthropic', 'claude-3-5-sonnet', 'us'],
    ['anthropic', 'claude-opus-4-1-20250805', 'us'],
    ['openai', 'gpt-4o', 'eu'],
    ['openai', 'gpt-5.1', 'eu'],
    ['azure', 'gpt-4-turbo', 'eastus'],
    ['google', 'gemini-2.5-pro', 'europe-west1'],
    ['google', 'claude-sonnet-4@20250514', 'us-east5'],
  ])('%s %s in %s is at the list price', (provider, model, region) => {
    expect(rate({ provider, model, usage: { input_tokens: 1000 }, region })).toMatchObject({
      state: 'priced',
    });
  });

  it('is at the list price before the provider began to ask more', () => {
    const call = { provider: 'google', model: 'gemini-3-flash-preview', region: 'us-central1' };
    const at = (time: string) => rate({ ...call, eventTimeMs: Date.parse(time) }).state;
    expect([at('2026-06-30T23:59:59.999Z'), at('2026-07-01T00:00:00Z')]).toEqual([
      'priced',
      'unpriced',
    ]);
  });
});
