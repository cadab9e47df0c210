import fc from 'fast-check';
import type { Cost, PricedUsage } from '#contracts';
import { decimalFromPico } from '#money';

export const DIMENSIONS = ['customer', 'user', 'provider', 'model', 'application', 'type'] as const;
export type Dimension = (typeof DIMENSIONS)[number];
export type Event = Omit<Partial<PricedUsage>, 'usage'> & {
  id: string;
  project: string;
  event_time: string;
  usage: Record<string, number>;
};

const moments = [
  '2026-03-08T05:00:00Z',
  '2026-03-08T07:00:00Z',
  '2026-03-09T04:00:00Z',
  '2026-03-31T18:15:00Z',
  '2026-04-01T00:00:00Z',
  '2026-04-04T14:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-10-03T15:30:00Z',
  '2026-11-01T06:00:00Z',
  '2026-12-31T10:00:00Z',
  '2027-01-01T11:00:00Z',
  '2028-02-29T00:00:00Z',
].map((text) => Date.parse(text));

/** Around the moments where calendars turn, to the millisecond, and anywhere between. */
const anyTime = fc.oneof(
  fc.tuple(fc.constantFrom(...moments), fc.integer({ min: -2, max: 2 })).map(([at, by]) => at + by),
  fc
    .tuple(fc.constantFrom(...moments), fc.integer({ min: -50 * 4, max: 50 * 4 }))
    .map(([at, quarters]) => at + quarters * 900_000),
  fc.integer({ min: moments[0]!, max: moments[8]! }),
);

const count = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.constant(Number.MAX_SAFE_INTEGER));

export const anyEvent = fc.record({
  event_time: anyTime.map((ms) => new Date(ms).toISOString()),
  customer: fc.constantFrom(null, 'acme', 'zenith', "o'hara; DROP TABLE x", 'Ünïcode 🙂'),
  user: fc.constantFrom(null, 'u1', 'u2'),
  provider: fc.constantFrom(null, 'openai', 'anthropic'),
  model: fc.constantFrom(null, 'gpt-4o', 'claude', '\\'),
  application: fc.constantFrom(null, 'app1'),
  type: fc.constantFrom('llm.call', 'job'),
  usage: fc.record({
    requests: fc.constantFrom(1, 1, 3),
    input_tokens: count,
    cache_read_tokens: count,
    output_tokens: count,
    cache_write_tokens: count,
    output_reasoning_tokens: count,
  }),
  cost: fc.oneof(
    fc.bigInt({ min: 1n, max: 10n ** 15n }).map((pico) => ({
      state: 'priced' as const,
      amount: decimalFromPico(pico),
      lines: [],
      price_version: 'v',
    })),
    fc.constant<Cost>({ state: 'free' as const, amount: '0', lines: [], price_version: 'v' }),
    fc.constant<Cost>({
      state: 'unpriced' as const,
      reason: 'unknown_model' as const,
      detail: '',
      partial: '1.5',
      lines: [],
      price_version: 'v',
    }),
  ),
});

const zones = Intl.supportedValuesOf('timeZone');
export const anyQuestion = fc.record({
  edges: fc
    .uniqueArray(anyTime, { minLength: 2, maxLength: 2 })
    .map((pair) => pair.toSorted((a, b) => a - b)),
  window: fc.constantFrom('total', 'month', 'day', 'hour'),
  zone: fc.oneof(
    fc.constantFrom(
      'UTC',
      'America/New_York',
      'Asia/Kathmandu',
      'Pacific/Kiritimati',
      'Pacific/Niue',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'Asia/Kolkata',
    ),
    fc.constantFrom(...zones),
  ),
  groupBy: fc.shuffledSubarray([...DIMENSIONS]),
  filters: fc.dictionary(
    fc.constantFrom('customer', 'model', 'user'),
    fc.subarray(['', 'acme', "o'hara; DROP TABLE x", 'gpt-4o', '\\', 'u1'], { minLength: 1 }),
    { maxKeys: 2 },
  ),
  pageRows: fc.constantFrom(3, 50, 10_000),
});
export type Question = typeof anyQuestion extends fc.Arbitrary<infer T> ? T : never;
