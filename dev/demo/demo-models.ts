/** How a model is used: tokens are medians of skewed distributions, shares lie between 0 and 1. */
export interface DemoModel {
  provider: string;
  model: string;
  weight: number;
  inputTokens: number;
  /** None for embeddings. */
  outputTokens?: number;
  /** How often a call finds a part of its prompt in the provider's cache. */
  cacheReadShare?: number;
  /** How often a call leaves its prompt in the provider's cache, where that has a price. */
  cacheWriteShare?: number;
  reasons?: boolean;
}

/** Models that people really use, and two without a price: what is not priced has to be seen as well. */
export const demoModels: readonly DemoModel[] = [
  {
    provider: 'openai',
    model: 'gpt-4o-mini',
    weight: 26,
    inputTokens: 900,
    outputTokens: 220,
    cacheReadShare: 0.3,
  },
  {
    provider: 'openai',
    model: 'gpt-4o',
    weight: 17,
    inputTokens: 1_600,
    outputTokens: 380,
    cacheReadShare: 0.35,
  },
  {
    provider: 'openai',
    model: 'gpt-5-mini',
    weight: 10,
    inputTokens: 1_800,
    outputTokens: 700,
    cacheReadShare: 0.4,
    reasons: true,
  },
  {
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    weight: 14,
    inputTokens: 5_200,
    outputTokens: 640,
    cacheReadShare: 0.6,
    cacheWriteShare: 0.2,
  },
  {
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    weight: 9,
    inputTokens: 2_100,
    outputTokens: 310,
    cacheReadShare: 0.5,
    cacheWriteShare: 0.2,
  },
  {
    provider: 'google',
    model: 'gemini-2.5-flash',
    weight: 10,
    inputTokens: 2_400,
    outputTokens: 260,
    cacheReadShare: 0.2,
    reasons: true,
  },
  {
    provider: 'mistral',
    model: 'mistral-small-latest',
    weight: 4,
    inputTokens: 800,
    outputTokens: 180,
  },
  {
    provider: 'deepseek',
    model: 'deepseek-chat',
    weight: 4,
    inputTokens: 1_500,
    outputTokens: 420,
    cacheReadShare: 0.4,
  },
  { provider: 'openai', model: 'text-embedding-3-small', weight: 5, inputTokens: 7_000 },
  {
    provider: 'in-house',
    model: 'support-llama-ft-3',
    weight: 0.7,
    inputTokens: 1_100,
    outputTokens: 240,
  },
  {
    provider: 'openai',
    model: 'gpt-private-preview',
    weight: 0.3,
    inputTokens: 1_400,
    outputTokens: 400,
  },
];
