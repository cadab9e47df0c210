import { readFile } from 'node:fs/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { type Provider } from '@pydantic/genai-prices';
import {
  createPriceBook,
  PRICE_DATA_VERSION,
  PriceBook,
  type RatingRequest,
} from './price-book.js';
import { PriceCatalogue } from './price-catalogue.js';
import { type PriceOverrides } from './price-overrides.js';

const CALL: RatingRequest = {
  provider: 'acme',
  model: 'large',
  usage: { input_tokens: 1_000_000 },
  eventTimeMs: 0,
  serviceTier: null,
  batch: null,
  region: null,
};

const acme = (prices: Provider['models'][number]['prices']): Provider[] => [
  {
    id: 'acme',
    name: 'Acme',
    api_pattern: 'acme',
    models: [{ id: 'large', match: { equals: 'large' }, prices }],
  },
];

describe('the version of a price book', () => {
  it('names the installed price data', async () => {
    const manifest = new URL('../package.json', import.meta.resolve('@pydantic/genai-prices'));
    const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
    expect(PRICE_DATA_VERSION).toBe(`genai-prices-${version}`);
  });

  it('changes with every change of the overrides', () => {
    const version = (price: string) =>
      new PriceBook([], {
        models: [{ provider: 'acme', model: 'large', prices: { input_mtok: price } }],
      }).version;
    expect(version('1')).toMatch(/^genai-prices-0\.1\.8\+overrides-[0-9a-f]{12}\/rating-2$/);
    expect(version('1')).toBe(version('1'));
    expect(version('1')).not.toBe(version('1.1'));
  });
});

describe('overrides', () => {
  const overrides: PriceOverrides = {
    models: [
      { provider: 'OpenAI.chat', model: 'GPT-4o', prices: { input_mtok: '3', output_mtok: '12' } },
      { provider: 'acme', model: ' Search ', prices: { requests_kcount: '5' } },
      { provider: 'acme', model: 'gift', prices: { input_mtok: '0' } },
      {
        provider: 'acme',
        model: 'tiered',
        prices: { input_mtok: { base: '1', tiers: [{ start: 10, price: '2' }] } },
      },
    ],
  };

  it.each([
    ['openai', 'gpt-4o', { input_tokens: 1000, output_tokens: 500 }, 'priced', '0.009'],
    ['acme', 'search', { requests: 2 }, 'priced', '0.01'],
    ['acme', 'gift', { input_tokens: 7 }, 'free', '0'],
    ['acme', 'tiered', { input_tokens: 10 }, 'priced', '0.00001'],
    ['acme', 'tiered', { input_tokens: 11 }, 'priced', '0.000022'],
  ])('%s %s: %j is %s at %s', async (provider, model, usage, state, amount) => {
    const book = await createPriceBook(overrides);
    expect(book.rateUsage({ ...CALL, provider, model, usage })).toMatchObject({ state, amount });
  });

  it('leave every other price as it was', async () => {
    const call = { ...CALL, provider: 'openai', model: 'gpt-4o-mini' };
    const [plain, overridden] = [await createPriceBook(), await createPriceBook(overrides)];
    expect(overridden.rateUsage(call)).toEqual({
      ...plain.rateUsage(call),
      price_version: overridden.version,
    });
  });

  it.each([
    [{ input_mtok: '1e-3' }, '1e-3 is not a price'],
    [{ input_mtok: '-1' }, '-1 is not a price'],
    [{ tokens: '1', input_mtok: '1', moons: '2' }, 'unknown price tokens, moons'],
    [{ cache_read_mtok: '1' }, 'cache_read_tokens has a price and input_tokens has none'],
  ])('%j is refused at the start', (prices, cause) => {
    const refused = () => new PriceBook([], { models: [{ provider: 'a', model: 'm', prices }] });
    expect(refused).toThrow(`price overrides: models[0] (a m): ${cause}`);
  });
});

describe('overrides that are no list', () => {
  it('are refused at the start', () => {
    const refused = () => new PriceBook([], {} as PriceOverrides);
    expect(refused).toThrow('price overrides: "models" is no list');
  });
});

describe('price data that is wrong', () => {
  it('leaves the event unpriced instead of stopping the work', () => {
    const book = new PriceBook(acme({ input_mtok: Number.NaN }));
    expect(book.rateUsage(CALL)).toMatchObject({
      state: 'unpriced',
      reason: 'price_error',
      detail: 'the price data of acme large is wrong: NaN is not a price',
    });
  });
});

describe('a window of hours that passes midnight', () => {
  const book = new PriceBook(
    acme([
      { prices: { input_mtok: 1 } },
      {
        constraint: { type: 'time_of_date', start_time: '23:00:00Z', end_time: '01:30:00+01:00' },
        prices: { input_mtok: 2 },
      },
    ]),
  );

  it.each([
    ['22:59:59.999', '1'],
    ['23:00:00.000', '2'],
    ['00:29:59.999', '2'],
    ['00:30:00.000', '1'],
  ])('at %s a million tokens cost %s', (time, amount) => {
    const eventTimeMs = Date.parse(`2026-01-01T${time}Z`);
    expect(book.rateUsage({ ...CALL, eventTimeMs })).toMatchObject({ amount });
  });
});

describe('names that nobody lists', () => {
  it('take bounded memory, and what is in use stays known', () => {
    const book = new PriceBook(acme([{ prices: { input_mtok: 1 } }]));
    const lookUp = jest.spyOn(PriceCatalogue.prototype, 'providerIdOf');
    for (let n = 0; n < 10_000; n++) {
      book.rateUsage(CALL);
      book.rateUsage({ ...CALL, provider: 'nobody', model: `unknown ${n}` });
    }
    expect(book['resolved'].size).toBe(5_000);
    expect(lookUp.mock.calls.filter(([name]) => name === CALL.provider)).toHaveLength(1);
    lookUp.mockRestore();
  });
});

describe('tiers', () => {
  const tiered = (...tiers: { start: number; price: number }[]) =>
    new PriceBook(acme({ input_mtok: { base: 1, tiers } }));
  const amountOf = (book: PriceBook, input_tokens: number) => {
    const cost = book.rateUsage({ ...CALL, usage: { input_tokens } });
    return cost.state === 'unpriced' ? cost.reason : cost.amount;
  };

  it.each([
    [100, '0.0001'],
    [101, '0.000202'],
    [200, '0.0004'],
    [201, '0.000603'],
  ])('in any order: %i tokens cost %s', (count, amount) => {
    const [low, high] = [
      { start: 100, price: 2 },
      { start: 200, price: 3 },
    ] as const;
    expect(amountOf(tiered(low, high), count)).toBe(amount);
    expect(amountOf(tiered(high, low), count)).toBe(amount);
  });

  it('may start at nothing: then the base holds for nothing at all', () => {
    expect(amountOf(tiered({ start: 0, price: 2 }), 1)).toBe('0.000002');
  });

  it.each([-1, 0.5, Number.NaN])('with a start of %s are wrong data', (start) => {
    expect(amountOf(tiered({ start, price: 2 }), 1)).toBe('price_error');
  });
});

describe('cached parts of a modality, which lie in two wholes', () => {
  const prices = { input_mtok: 1, cache_read_mtok: 0.1, input_audio_mtok: 10 };
  const both = new PriceBook(acme({ ...prices, cache_audio_read_mtok: 5 }));
  const neither = new PriceBook(acme(prices));
  const usage = { input_tokens: 100, cache_read_tokens: 20, input_audio_tokens: 40 };

  it('are taken out of both, once', () => {
    // 10 cached audio at 5, 10 cached text at 0.1, 30 audio at 10, 50 text at 1 dollar a million.
    expect(
      both.rateUsage({ ...CALL, usage: { ...usage, cache_audio_read_tokens: 10 } }),
    ).toMatchObject({
      amount: '0.000401',
    });
  });

  it('have no price when both wholes have one and they have none', () => {
    const reported = neither.rateUsage({
      ...CALL,
      usage: { ...usage, cache_audio_read_tokens: 10 },
    });
    expect(reported).toMatchObject({ reason: 'missing_dimension', partial: '0' });
    expect(neither.rateUsage({ ...CALL, usage })).toMatchObject({ reason: 'inconsistent_usage' });
    // 20 cached text at 0.1, 40 audio at 10, 40 text at 1.
    const none = neither.rateUsage({ ...CALL, usage: { ...usage, cache_audio_read_tokens: 0 } });
    expect(none).toMatchObject({ amount: '0.000442' });
  });

  it('stay with the audio where reading from a cache has no price', () => {
    const book = new PriceBook(acme({ input_mtok: 1, input_audio_mtok: 10 }));
    const cost = book.rateUsage({ ...CALL, usage: { ...usage, cache_audio_read_tokens: 10 } });
    expect(cost).toMatchObject({ amount: '0.00046' });
  });
});

describe('an override', () => {
  it('holds in every region: whoever sets a price sets it for those in use', async () => {
    const prices = { input_mtok: '2.75' };
    const book = await createPriceBook({
      models: [{ provider: 'azure', model: 'gpt-4o', prices }],
    });
    const call = { ...CALL, provider: 'azure', model: 'gpt-4o', region: 'swedencentral' };
    expect(book.rateUsage(call)).toMatchObject({ state: 'priced', amount: '2.75' });
  });
});
