import { describe, expect, it } from '@jest/globals';
import { type ModelInfo, type Provider, waitForUpdate } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { type UsageVector } from '#contracts';
import { picoFromDecimal } from '#money';
import { PriceBook } from './price-book.js';

/**
 * An oracle that shares no idea with the code: an event is a heap of single tokens of known kinds, its vector is
 * counted from them, and every token is priced by itself at the most special price that the package lists for it.
 */
interface Tokens {
  names: string[];
  count: number;
}

/** Kinds of tokens that nobody sells at the price of others. */
const PRICED_APART = new Set([
  'cache_write_1h',
  ...['audio', 'image', 'video'].flatMap((modality) => [`input_${modality}`, `output_${modality}`]),
]);

type Prices = Record<
  string,
  number | { base: number; tiers: { start: number; price: number }[] } | undefined
>;

const PER: [RegExp, bigint][] = [
  [/_mtok$|_mchars$/, 1_000_000n],
  [/_kcount$|_kpages$/, 1_000n],
  [/_hours$/, 3_600n],
  [/_gpixels$/, 1_000_000_000n],
];

const inputKinds = ['', 'text', 'audio', 'image', 'video'].flatMap((modality) =>
  ['', 'read', 'write', 'write_5m', 'write_1h'].map((cache) => inputKind(modality, cache)),
);
const outputKinds = [
  ['output'],
  ['output', 'output_reasoning'],
  ['output', 'output_citation'],
  ...['text', 'audio', 'image', 'video'].map((modality) => ['output', `output_${modality}`]),
];
const otherKinds: [string, string][] = [
  ['web_searches', 'web_searches_kcount'],
  ['storage_searches', 'storage_searches_kcount'],
  ['audio_seconds', 'audio_hours'],
  ['input_document_pages', 'input_document_kpages'],
];

/** The names of the counts that a token of this kind is in, the most special one last. */
function inputKind(modality: string, cache: string): string[] {
  const names = ['input'];
  if (modality) names.push(`input_${modality}`);
  if (cache) names.push(`cache_${cache.slice(0, 5).replace('read_', 'read')}`);
  if (cache.startsWith('write_')) names.push(`cache_${cache}`);
  if (modality && cache === 'read') names.push(`cache_${modality}_read`);
  return names;
}

function exactPico(prices: Prices, heap: Tokens[], others: [string, number][]): bigint {
  const total = heap
    .filter(({ names }) => names[0] === 'input')
    .reduce((sum, { count }) => sum + count, 0);
  let numerator = 0n;
  const denominator = 10n ** 30n * 9n;
  const add = (key: string, count: number) => {
    const listed = prices[key]!;
    const passed =
      typeof listed === 'number' ? [] : listed.tiers.filter(({ start }) => total > start);
    const highest = passed.reduce<{ start: number; price: number } | null>(
      (best, tier) => (best === null || tier.start > best.start ? tier : best),
      null,
    );
    const dollars = typeof listed === 'number' ? listed : (highest?.price ?? listed.base);
    const [whole = '', fraction = ''] = String(dollars).split('.');
    const per = PER.find(([pattern]) => pattern.test(key))![1];
    const scaled = BigInt(whole + fraction) * 10n ** BigInt(42 - fraction.length) * 9n;
    numerator += (scaled * BigInt(count)) / per;
  };
  for (const { names, count } of heap) {
    const special = names.findLast((name) => prices[`${name}_mtok`] !== undefined);
    add(`${special}_mtok`, count);
  }
  for (const [key, count] of others) add(key, count);
  if (prices['requests_kcount'] !== undefined) add('requests_kcount', 1);
  return (2n * numerator + denominator) / (2n * denominator);
}

function pricesAt({ prices }: ModelInfo, time: string): Prices {
  if (!Array.isArray(prices)) return prices;
  let current = prices[0]!.prices;
  for (const { constraint, prices: listed } of prices) {
    if (constraint?.type === 'start_date' && time.slice(0, 10) >= constraint.start_date)
      current = listed;
    if (constraint?.type !== 'time_of_date') continue;
    const clock = time.slice(11, 19);
    const [start, end] = [constraint.start_time.slice(0, 8), constraint.end_time.slice(0, 8)];
    if (clock >= start && clock < end) current = listed;
  }
  return current;
}

function vectorOf(heap: Tokens[], others: [string, number][]): UsageVector {
  const vector: Record<string, number> = {};
  for (const { names, count } of heap)
    for (const name of names) vector[`${name}_tokens`] = (vector[`${name}_tokens`] ?? 0) + count;
  for (const [field, count] of others) vector[field] = count;
  return vector;
}

/** Each model under a name of its own: this test is about arithmetic; names have theirs. */
const data: Provider[] = ((await waitForUpdate()) ?? []).map((provider) => ({
  ...provider,
  fallback_model_providers: [],
  models: provider.models.map((model, index) => ({ ...model, match: { equals: `m${index}` } })),
}));
const book = new PriceBook(data);
const models = data.flatMap(({ id, models }) =>
  models.map((model, index) => ({ id, model, index })),
);

const count = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 5000 }),
  fc.integer({ max: 10 ** 12, min: 1 }),
);
const heapOf = (kinds: string[][]) =>
  fc.array(fc.record({ names: fc.constantFrom(...kinds), count }), { maxLength: 8 });
const time = fc
  .integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 5, 1) })
  .map((ms) => new Date(ms).toISOString());

/** Rates the heap's vector, and demands the oracle's amount and lines that add up to it. */
function expectAgreement(
  { id, model, index }: (typeof models)[number],
  heap: Tokens[],
  counts: number[],
  at: string,
): void {
  const prices = pricesAt(model, at);
  const rate = (usage: UsageVector) =>
    book.rateUsage({
      provider: id,
      model: `m${index}`,
      usage,
      eventTimeMs: Date.parse(at),
      serviceTier: null,
      batch: null,
      region: null,
    });
  const offered = heap.filter(({ names }) => prices[`${names[0]}_mtok`] !== undefined);
  const hasPrice = ({ names }: Tokens) =>
    names.every((name) => !PRICED_APART.has(name) || prices[`${name}_mtok`] !== undefined);
  const sold = offered.filter(hasPrice);
  if (offered.some((tokens) => tokens.count > 0 && !hasPrice(tokens))) {
    const cost = rate(withOverlaps(vectorOf(offered, [])));
    expect(cost).toMatchObject({ state: 'unpriced', reason: 'missing_dimension' });
  }
  const others = otherKinds
    .map(([field, key], place) => ({ field, key, quantity: (counts[place] ?? 0) + 10 }))
    .filter(({ key }) => prices[key] !== undefined);
  const usage = vectorOf(
    sold,
    others.map(({ field, quantity }) => [field, quantity]),
  );
  if (Object.keys(usage).length === 0) return;
  const cost = rate(withOverlaps(usage));
  if (cost.state === 'unpriced') throw new Error(cost.detail);
  const expected = exactPico(
    prices,
    sold,
    others.map(({ key, quantity }) => [key, quantity]),
  );
  expect(picoFromDecimal(cost.amount)).toBe(expected);
  const lineSum = cost.lines.reduce((sum, line) => sum + picoFromDecimal(line.amount)!, 0n);
  expect(lineSum).toBe(expected);
}

/** A sender that reports cached tokens of some modality says so when there were none, too. */
function withOverlaps(usage: UsageVector): UsageVector {
  const complete = { ...usage };
  for (const modality of ['text', 'audio', 'image', 'video'] as const)
    complete[`cache_${modality}_read_tokens`] ??= 0;
  return complete;
}

describe('every model of the price data', () => {
  it('is complete', () => expect(models.length).toBe(1694));

  it.each(data.map(({ id }) => id))('%s: costs what its tokens cost one by one', (id) => {
    const counts = fc.array(count, { minLength: 4, maxLength: 4 });
    for (const listed of models.filter((model) => model.id === id)) {
      fc.assert(
        fc.property(
          heapOf(inputKinds),
          heapOf(outputKinds),
          counts,
          time,
          (input, output, counts, at) => {
            expectAgreement(listed, [...input, ...output], counts, at);
          },
        ),
        { numRuns: 12, seed: 20_261_101 },
      );
    }
  });

  it('goes over the cliff of its tiers at the listed token', () => {
    let bounds = 0;
    for (const listed of models) {
      const at = '2026-11-01T12:00:00.000Z';
      const price = pricesAt(listed.model, at)['input_mtok'];
      for (const { start } of typeof price === 'object' ? price.tiers : []) {
        for (const count of [start, start + 1])
          expectAgreement(listed, [{ names: ['input'], count }], [], at);
        bounds += 1;
      }
    }
    expect(bounds).toBeGreaterThan(50);
  });
});
