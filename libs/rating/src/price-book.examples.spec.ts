import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Cost, type UsageVector } from '#contracts';
import { createPriceBook, type PriceBook, type RatingRequest } from './price-book.js';

let book: PriceBook;
beforeAll(async () => {
  book = await createPriceBook();
});

function cost(
  model: string,
  usage: UsageVector | undefined,
  more: Partial<RatingRequest> = {},
): Cost {
  return book.rateUsage({
    provider: null,
    model,
    usage,
    eventTimeMs: Date.UTC(2026, 10, 1, 12),
    serviceTier: null,
    batch: null,
    region: null,
    ...more,
  });
}

const at = (time: string) => ({ eventTimeMs: Date.parse(time) });

describe('published prices, worked out by hand', () => {
  it.each<[string, string, UsageVector, string]>([
    ['gpt-4o', 'plain', { input_tokens: 1000, output_tokens: 500 }, '0.0075'],
    [
      'gpt-4o',
      '600 of them cached',
      { input_tokens: 1000, cache_read_tokens: 600, output_tokens: 500 },
      '0.00675',
    ],
    [
      'claude-sonnet-4-5',
      'cache read and written',
      {
        input_tokens: 100_000,
        cache_read_tokens: 60_000,
        cache_write_tokens: 20_000,
        output_tokens: 1000,
      },
      '0.168',
    ],
    [
      'claude-sonnet-4-5',
      'written for an hour',
      {
        input_tokens: 100_000,
        cache_read_tokens: 60_000,
        cache_write_tokens: 20_000,
        cache_write_1h_tokens: 20_000,
        output_tokens: 1000,
      },
      '0.213',
    ],
    [
      'claude-sonnet-4-5',
      'with one web search',
      {
        input_tokens: 100_000,
        cache_read_tokens: 60_000,
        cache_write_tokens: 20_000,
        output_tokens: 1000,
        web_searches: 1,
      },
      '0.178',
    ],
    ['gemini-2.5-pro', 'at the bound', { input_tokens: 200_000 }, '0.25'],
    ['gemini-2.5-pro', 'one above', { input_tokens: 200_001 }, '0.5000025'],
    ['gpt-5.5', 'below the bound', { input_tokens: 271_999 }, '1.359995'],
    ['gpt-5.5', 'one more', { input_tokens: 272_000 }, '2.72'],
    // 40 audio at 32/M of which 10 cached at 0.4/M, 10 cached text at 0.4/M, 50 text at 4/M.
    [
      'gpt-realtime',
      'audio, partly cached',
      {
        input_tokens: 100,
        input_audio_tokens: 40,
        cache_read_tokens: 20,
        cache_audio_read_tokens: 10,
      },
      '0.001168',
    ],
    // Parts that are charged with their whole: 300 of 1,000 read from a cache, 200 of 500 reasoned, at 2/M and 6/M.
    [
      'mistral-large-2407',
      'cache and reasoning',
      {
        input_tokens: 1000,
        cache_read_tokens: 300,
        output_tokens: 500,
        output_reasoning_tokens: 200,
      },
      '0.005',
    ],
    // 32 and 64 dollars a million for audio, 2.5 for the text beside it.
    [
      'gpt-audio',
      'audio in and out',
      {
        input_tokens: 101_000,
        input_audio_tokens: 100_000,
        output_tokens: 10_000,
        output_audio_tokens: 10_000,
      },
      '3.8425',
    ],
    // 1,000 in and out at 1/M each, and 12 dollars for a thousand calls.
    ['sonar', 'a call that is priced', { input_tokens: 1000, output_tokens: 1000 }, '0.014'],
    ['sonar', 'three calls', { input_tokens: 1000, output_tokens: 1000, requests: 3 }, '0.038'],
    // 0.36 an hour, a ninth of a minute: 0.36 * 7 / 3600.
    ['whisper-1', 'seconds', { audio_seconds: 7 }, '0.0007'],
    // 6 plain pages at 2 and 4 annotated ones at 3 dollars a thousand.
    [
      'mistral-ocr-2512',
      'pages',
      { input_document_pages: 10, input_annotated_document_pages: 4 },
      '0.024',
    ],
  ])('%s, %s: %j costs %s', (model, _case, usage, amount) => {
    const provider = { sonar: 'perplexity' }[model] ?? null;
    expect(cost(model, usage, { provider })).toMatchObject({ state: 'priced', amount });
  });

  it('shows its working, and the lines add up', () => {
    const usage = { input_tokens: 1000, cache_read_tokens: 600, output_tokens: 500, requests: 1 };
    expect(cost('gpt-4o', usage)).toEqual({
      state: 'priced',
      amount: '0.00675',
      lines: [
        { unit: 'input_tokens', quantity: 400, price: '2.5', per: 1_000_000, amount: '0.001' },
        { unit: 'output_tokens', quantity: 500, price: '10', per: 1_000_000, amount: '0.005' },
        {
          unit: 'cache_read_tokens',
          quantity: 600,
          price: '1.25',
          per: 1_000_000,
          amount: '0.00075',
        },
      ],
      price_version: 'genai-prices-0.1.8/rating-2',
    });
  });

  it('asks for ten seconds of audio where Groq does', () => {
    const lines = [
      { unit: 'audio_seconds', quantity: 10, price: '0.111', per: 3600, amount: '0.000308333333' },
    ];
    const groq = { provider: 'groq' };
    expect(cost('whisper-large-v3', { audio_seconds: 3 }, groq)).toMatchObject({ lines });
    expect(cost('whisper-large-v3', { audio_seconds: 0 }, groq)).toMatchObject({ amount: '0' });
    // 0.04 dollars an hour: 10 and 12 seconds are 0.04 / 360 and 0.04 / 300.
    const turbo = (audio_seconds: number) =>
      cost('whisper-large-v3-turbo', { audio_seconds }, groq);
    expect(turbo(3)).toMatchObject({ amount: '0.000111111111' });
    expect(turbo(12)).toMatchObject({ amount: '0.000133333333' });
  });

  it('asks for the seconds that were used where the least is not asked for', () => {
    // 0.36 dollars an hour.
    expect(cost('whisper-1', { audio_seconds: 1 })).toMatchObject({ amount: '0.0001' });
  });

  it.each([
    ['acme', 'whisper-large-v3'],
    ['groq', 'whisper-next'],
  ])('asks for no more than was used of what %s calls %s', async (provider, model) => {
    const prices = { audio_hours: '3.6' };
    const own = await createPriceBook({ models: [{ provider, model, prices }] });
    const call = { provider, model, serviceTier: null, batch: null, region: null, eventTimeMs: 0 };
    expect(own.rateUsage({ ...call, usage: { audio_seconds: 3 } })).toMatchObject({
      amount: '0.003',
    });
  });
});

describe('the price is the one in force when the call was made', () => {
  it.each([
    ['2025-06-09T23:59:59.999Z', '10'],
    ['2025-06-10T00:00:00.000Z', '2'],
  ])('o3 at %s costs %s for a million tokens', (time, amount) => {
    expect(cost('o3', { input_tokens: 1_000_000 }, at(time))).toMatchObject({ amount });
  });

  it.each([
    ['2026-11-01T00:29:59.999Z', '0.135'],
    ['2026-11-01T00:30:00.000Z', '0.27'],
    ['2026-11-01T16:29:59.999Z', '0.27'],
    ['2026-11-01T16:30:00.000Z', '0.135'],
  ])('deepseek-chat at %s costs %s for a million tokens', (time, amount) => {
    const asked = { provider: 'deepseek', ...at(time) };
    expect(cost('deepseek-chat', { input_tokens: 1_000_000 }, asked)).toMatchObject({ amount });
  });
});
