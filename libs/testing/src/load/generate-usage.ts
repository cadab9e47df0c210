import { DEFAULT_SOURCE, partitionOf, type UsageEvent, type UsageVector } from '#contracts';
import { PRICED_MODELS, type PricedModel } from './hand-prices.js';
import type { SeededRandom } from './seeded-random.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const CUSTOMERS = Array.from({ length: 50 }, (_, n) => `customer-${n + 1}`);

export interface UsageWish {
  /** Part of every sequential id: unique among the loads of one platform. */
  label: string;
  count: number;
  /** Only events whose ids one writer decides about: of this partition in `project`. */
  within?: { project: string; partition: number };
}

/** Believable events of fifty customers with a heavy head, over thirty days and a few hours ahead. */
export function generateUsage(random: SeededRandom, { label, count, within }: UsageWish) {
  const events: UsageEvent[] = [];
  for (let n = 0; events.length < count; n++) {
    const event = generateEvent(random, `${label}-${n}`);
    const source = event.source ?? DEFAULT_SOURCE;
    const isWanted =
      !within ||
      partitionOf({ project: within.project, source, id: event.id }) === within.partition;
    if (isWanted) events.push(event);
  }
  return events;
}

/** The same identity with something else in it: another time, customer or count. */
export function contradict(random: SeededRandom, event: UsageEvent): UsageEvent {
  const timeMs = Date.now() - random.between(1, 20) * DAY_MS;
  return random.pick<() => UsageEvent>([
    () => ({ ...event, time: new Date(timeMs).toISOString() }),
    () => ({ ...event, customer: `${event.customer ?? 'nobody'}-other` }),
    () => ({ ...event, usage: { ...event.usage, requests: (event.usage?.requests ?? 1) + 1 } }),
  ])();
}

function generateEvent(random: SeededRandom, sequentialId: string): UsageEvent {
  const model = random.pick(PRICED_MODELS);
  return {
    id: generateId(random, sequentialId),
    ...(random.happens(0.1) ? { source: 'batch-job' } : {}),
    ...(random.happens(0.9) ? { time: generateTime(random) } : {}),
    ...(random.happens(0.95) ? { customer: generateCustomer(random) } : {}),
    ...(random.happens(0.3) ? { user: `user-${random.between(1, 500)}` } : {}),
    ...(random.happens(0.1) ? { tags: ['load', `shard ${random.between(1, 9)}`] } : {}),
    ...(random.happens(0.1) ? { properties: { note: 'caf\u00e9 "1"', n: 1.5, ok: true } } : {}),
    ...(random.happens(0.1) ? { type: 'llm.batch' } : {}),
    provider: model.provider,
    model: model.model,
    usage: generateCounts(random, model),
  };
}

/** Random, time-ordered and sequential ids in equal parts. */
function generateId(random: SeededRandom, sequentialId: string): string {
  const kind = random.between(1, 3);
  if (kind === 1) return sequentialId;
  const time = Date.now().toString(16).padStart(12, '0');
  const digits = kind === 2 ? random.hexDigits(12) : time;
  const uuid = [
    digits.slice(0, 8),
    digits.slice(8),
    `${kind === 2 ? '4' : '7'}${random.hexDigits(3)}`,
  ];
  return [...uuid, `8${random.hexDigits(3)}`, random.hexDigits(12)].join('-');
}

/** RFC 3339, now and then with a zone that is no whole hour. */
function generateTime(random: SeededRandom): string {
  const ageMs = random.happens(0.02)
    ? -random.between(1, 20 * HOUR_MS)
    : random.between(1, 30 * DAY_MS);
  const timeMs = Date.now() - ageMs;
  if (random.happens(0.9)) return new Date(timeMs).toISOString();
  return new Date(timeMs + 5.5 * HOUR_MS).toISOString().replace('Z', '+05:30');
}

function generateCustomer(random: SeededRandom): string {
  return CUSTOMERS[Math.floor(random.fraction() ** 2 * CUSTOMERS.length)]!;
}

function generateCounts(random: SeededRandom, { prices, above, model }: PricedModel): UsageVector {
  if (prices.second) return { audio_seconds: random.between(1, 600) };
  const long = above !== undefined && random.happens(0.2);
  const input = long ? above.inputTokens + random.between(-2, 2) : random.between(1, 60_000);
  const read = prices.cacheRead && random.happens(0.5) ? random.between(0, input >> 1) : undefined;
  const written =
    prices.cacheWrite && random.happens(0.5) ? random.between(0, input >> 2) : undefined;
  const output = prices.output && random.between(1, 4_000);
  return {
    input_tokens: input,
    ...(read === undefined ? {} : { cache_read_tokens: read }),
    ...(written === undefined ? {} : { cache_write_tokens: written }),
    ...(written !== undefined && random.happens(0.3)
      ? { cache_write_1h_tokens: random.between(0, written) }
      : {}),
    ...(output === undefined ? {} : { output_tokens: output }),
    ...(model === 'o3' ? { output_reasoning_tokens: random.between(0, output ?? 0) } : {}),
    ...(random.happens(0.1) ? { requests: random.between(1, 3) } : {}),
  };
}
