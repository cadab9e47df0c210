/** Pico-dollars (1e-12 USD) for so many units: 2.5 dollars a million tokens are 2,500,000 pico-dollars for 1. */
export interface HandPrice {
  pico: bigint;
  for: bigint;
}

/** What a model asks. A missing price means that the model has no such part. */
export interface HandPrices {
  input?: HandPrice;
  cacheRead?: HandPrice;
  cacheWrite?: HandPrice;
  cacheWriteHour?: HandPrice;
  output?: HandPrice;
  /** Of audio; ten of them at least. */
  second?: HandPrice;
}

/** A model that the load uses, with prices taken by hand from its provider's price list. */
export interface PricedModel {
  provider: string;
  model: string;
  prices: HandPrices;
  /** Prices of a request whose whole prompt is longer. */
  above?: { inputTokens: number; prices: HandPrices };
  /** Prices from 16:30 to 00:30 UTC. */
  atNight?: HandPrices;
  fate: 'priced' | 'free' | 'unpriced';
}

/** A dollar a million tokens is a million pico-dollars a token. */
const token = (pico: bigint): HandPrice => ({ pico, for: 1n });

/** Twelve models: cached tokens read and written, tiers, hours of the day, seconds of audio, a free one, an unknown one. */
export const PRICED_MODELS: readonly PricedModel[] = [
  {
    provider: 'openai',
    model: 'gpt-4o',
    prices: { input: token(2_500_000n), cacheRead: token(1_250_000n), output: token(10_000_000n) },
    fate: 'priced',
  },
  {
    provider: 'openai',
    model: 'gpt-4o-mini',
    prices: { input: token(150_000n), cacheRead: token(75_000n), output: token(600_000n) },
    fate: 'priced',
  },
  {
    provider: 'openai',
    model: 'o3',
    prices: { input: token(2_000_000n), cacheRead: token(500_000n), output: token(8_000_000n) },
    fate: 'priced',
  },
  {
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    prices: {
      input: token(3_000_000n),
      cacheRead: token(300_000n),
      cacheWrite: token(3_750_000n),
      cacheWriteHour: token(6_000_000n),
      output: token(15_000_000n),
    },
    above: {
      inputTokens: 200_000,
      prices: {
        input: token(6_000_000n),
        cacheRead: token(600_000n),
        cacheWrite: token(7_500_000n),
        cacheWriteHour: token(12_000_000n),
        output: token(22_500_000n),
      },
    },
    fate: 'priced',
  },
  {
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    prices: {
      input: token(1_000_000n),
      cacheRead: token(100_000n),
      cacheWrite: token(1_250_000n),
      cacheWriteHour: token(2_000_000n),
      output: token(5_000_000n),
    },
    fate: 'priced',
  },
  {
    provider: 'google',
    model: 'gemini-2.5-pro',
    prices: { input: token(1_250_000n), cacheRead: token(125_000n), output: token(10_000_000n) },
    above: {
      inputTokens: 200_000,
      prices: { input: token(2_500_000n), cacheRead: token(250_000n), output: token(15_000_000n) },
    },
    fate: 'priced',
  },
  {
    provider: 'google',
    model: 'gemini-2.5-flash',
    prices: { input: token(300_000n), cacheRead: token(30_000n), output: token(2_500_000n) },
    fate: 'priced',
  },
  {
    provider: 'deepseek',
    model: 'deepseek-chat',
    prices: { input: token(270_000n), cacheRead: token(70_000n), output: token(1_100_000n) },
    atNight: { input: token(135_000n), cacheRead: token(35_000n), output: token(550_000n) },
    fate: 'priced',
  },
  {
    provider: 'openai',
    model: 'text-embedding-3-small',
    prices: { input: token(20_000n) },
    fate: 'priced',
  },
  {
    provider: 'groq',
    model: 'whisper-large-v3',
    // 0.111 dollars an hour: not a whole number of pico-dollars a second.
    prices: { second: { pico: 111_000_000_000n, for: 3_600n } },
    fate: 'priced',
  },
  {
    provider: 'in-house',
    model: 'gift',
    prices: { input: token(0n), output: token(0n) },
    fate: 'free',
  },
  {
    provider: 'openai',
    model: 'not-yet-released-1',
    prices: { input: token(0n), output: token(0n) },
    fate: 'unpriced',
  },
];

/** The price data that makes `gift` free, for `PRICE_OVERRIDES`: the packaged data has no price of zero. */
export const FREE_MODEL_OVERRIDES = {
  models: [{ provider: 'in-house', model: 'gift', prices: { input_mtok: '0', output_mtok: '0' } }],
};
