import type { UsageEvent, UsageVector } from '#contracts';
import type { DayRandom } from './day-random.js';
import { demoModels, type DemoModel } from './demo-models.js';

const ERROR_SHARE = 0.02;

/** Applications by how much they are used, each with what it calls models for. */
export const demoApplications = [
  { application: 'demo-support-chat', purpose: 'answer', weight: 6 },
  { application: 'demo-document-search', purpose: 'summarise', weight: 3 },
  { application: 'demo-report-writer', purpose: 'draft', weight: 1 },
];

/** What was called, for what, how it ended, and what it used. A failed call used nothing. */
export function describeDemoCall(random: DayRandom): Omit<UsageEvent, 'id'> {
  const { application, purpose } = random.pick(demoApplications);
  const model = random.pick(demoModels);
  const failed = random.happens(ERROR_SHARE);
  const usage = failed ? { input_tokens: 0, output_tokens: 0 } : countTokens(random, model);
  return {
    application,
    purpose,
    conversation: `${application}-${random.between(1, 4_000)}`,
    provider: model.provider,
    model: model.model,
    status: failed ? 'error' : 'ok',
    latency_ms: random.skewed(120 + 9 * (usage.output_tokens ?? 0), 0.4),
    usage,
  };
}

function countTokens(random: DayRandom, model: DemoModel): UsageVector {
  const { inputTokens, outputTokens, cacheReadShare = 0, cacheWriteShare = 0, reasons } = model;
  const input = random.skewed(inputTokens, 0.7);
  const usage: UsageVector = { input_tokens: input };
  const read = random.happens(cacheReadShare) ? partOf(random, input, 0.3, 0.9) : 0;
  if (read > 0) usage.cache_read_tokens = read;
  if (random.happens(cacheWriteShare))
    usage.cache_write_tokens = partOf(random, input - read, 0.3, 0.9);
  if (outputTokens === undefined) return usage;
  const output = random.skewed(outputTokens, 0.6);
  usage.output_tokens = output;
  if (reasons) usage.output_reasoning_tokens = partOf(random, output, 0, 0.7);
  return usage;
}

function partOf(random: DayRandom, whole: number, least: number, most: number): number {
  return Math.floor(whole * (least + (most - least) * random.fraction()));
}
