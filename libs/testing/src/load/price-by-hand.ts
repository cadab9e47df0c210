import type { UsageVector } from '#contracts';
import { type HandPrice, type HandPrices, PRICED_MODELS, type PricedModel } from './hand-prices.js';

const AUDIO_SECONDS_MIN = 10;
const NIGHT_BEGINS_MINUTE = 16 * 60 + 30;
const NIGHT_ENDS_MINUTE = 30;

/** What an event costs by a calculation that shares nothing with the platform's own. */
export interface HandCost {
  fate: PricedModel['fate'];
  /** Pico-dollars, rounded half up once. */
  pico: bigint;
}

/** @param eventTimeMs decides which of a model's prices is in force. */
export function priceByHand(model: string, usage: UsageVector, eventTimeMs: number): HandCost {
  const priced = PRICED_MODELS.find((candidate) => candidate.model === model);
  if (!priced) throw new Error(`nobody has looked up what ${model} costs`);
  if (priced.fate !== 'priced') return { fate: priced.fate, pico: 0n };
  const prices = pricesInForce(priced, usage.input_tokens ?? 0, eventTimeMs);
  return { fate: 'priced', pico: roundHalfUp(sumOf(partsOf(usage, prices))) };
}

function pricesInForce(
  { prices, above, atNight }: PricedModel,
  inputTokens: number,
  eventTimeMs: number,
): HandPrices {
  if (above && inputTokens > above.inputTokens) return above.prices;
  const time = new Date(eventTimeMs);
  const minute = time.getUTCHours() * 60 + time.getUTCMinutes();
  if (atNight && (minute >= NIGHT_BEGINS_MINUTE || minute < NIGHT_ENDS_MINUTE)) return atNight;
  return prices;
}

/** Totals are inclusive: what was read from or written to the cache is part of the input and priced apart. */
function partsOf(usage: UsageVector, prices: HandPrices): [number, HandPrice | undefined][] {
  const {
    input_tokens: input = 0,
    cache_read_tokens: read = 0,
    cache_write_tokens: written = 0,
    cache_write_1h_tokens: writtenForAnHour = 0,
    output_tokens: output = 0,
    audio_seconds: seconds = 0,
  } = usage;
  return [
    [input - read - written, prices.input],
    [read, prices.cacheRead],
    [written - writtenForAnHour, prices.cacheWrite],
    [writtenForAnHour, prices.cacheWriteHour],
    [output, prices.output],
    [seconds === 0 ? 0 : Math.max(seconds, AUDIO_SECONDS_MIN), prices.second],
  ];
}

function sumOf(parts: [number, HandPrice | undefined][]): HandPrice {
  let sum: HandPrice = { pico: 0n, for: 1n };
  for (const [quantity, price] of parts) {
    if (quantity === 0) continue;
    if (!price) throw new Error('the load uses a part that its model has no price for');
    const pico = sum.pico * price.for + BigInt(quantity) * price.pico * sum.for;
    sum = { pico, for: sum.for * price.for };
  }
  return sum;
}

function roundHalfUp({ pico, for: units }: HandPrice): bigint {
  return (2n * pico + units) / (2n * units);
}
