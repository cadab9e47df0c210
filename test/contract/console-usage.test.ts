import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cost, PricedUsage } from '#contracts';
import { decimalFromPico, picoFromDecimal } from '#money';
import { ConsoleWorkbench } from './console-workbench.js';

const DIMENSIONS = ['customer', 'user', 'provider', 'model', 'application', 'type'] as const;
type Dimension = (typeof DIMENSIONS)[number];
type Event = Omit<Partial<PricedUsage>, 'usage'> & {
  id: string;
  project: string;
  event_time: string;
  usage: Record<string, number>;
};

let bench: ConsoleWorkbench;
let mine: { project: string; key: string };
let other: { project: string; key: string };
let events: Event[];

beforeAll(async () => {
  bench = await ConsoleWorkbench.open();
  [mine, other] = [await bench.newProject(), await bench.newProject()];
  events = fc
    .sample(anyEvent, { seed: 20261121, numRuns: 1500 })
    .map((event, n) => ({ ...event, project: mine.project, id: `e${n}` }));
  // Several inserts, so that rollups have several parts to sum.
  for (let start = 0; start < events.length; start += 300)
    await bench.store(events.slice(start, start + 300));
  await bench.store(
    events
      .slice(0, 50)
      .map((event) => ({ ...event, project: other.project, customer: 'stranger' })),
  );
});
afterAll(() => bench.close());

const moments = [
  '2026-03-08T05:00:00Z',
  '2026-03-08T07:00:00Z',
  '2026-03-09T04:00:00Z',
  '2026-03-31T18:15:00Z',
  '2026-04-01T00:00:00Z',
  '2026-04-04T15:00:00Z',
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
  fc.integer({ min: moments[0]!, max: moments[6]! }),
);

const count = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.constant(Number.MAX_SAFE_INTEGER));

const anyEvent = fc.record({
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
const anyQuestion = fc
  .record({
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
  })
  // Its half-hour change makes hours that no label tells apart; they have examples of their own.
  .filter(({ zone, window }) => zone !== 'Australia/Lord_Howe' || window !== 'hour');
type Question = typeof anyQuestion extends fc.Arbitrary<infer T> ? T : never;

interface Row extends Record<string, unknown> {
  window_start: string;
  window_end: string;
}

async function ask(question: Question, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  const parameters = new URLSearchParams({
    from: new Date(question.edges[0]!).toISOString(),
    to: new Date(question.edges[1]!).toISOString(),
    window: question.window,
    time_zone: question.zone,
    limit: String(limit),
  });
  if (question.groupBy.length > 0) parameters.set('group_by', question.groupBy.join(','));
  for (const [name, values] of Object.entries(question.filters))
    for (const value of values) parameters.append(name, value);
  for (;;) {
    const { status, text } = await bench.call('GET', `/v1/usage?${parameters}`, { key: mine.key });
    if (status !== 200) throw new Error(text);
    const answer = parseExact(text);
    expect(answer).toMatchObject({
      from: parameters.get('from'),
      to: parameters.get('to'),
      time_zone: question.zone,
    });
    expect(answer.data.length).toBeLessThanOrEqual(limit);
    rows.push(...answer.data);
    if (answer.next_cursor === null) return rows;
    parameters.set('cursor', answer.next_cursor);
  }
}

/** Integers of the wire as bigint, since sums go beyond 2^53. */
function parseExact(text: string): { data: Row[]; next_cursor: string | null } {
  const reviver = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? BigInt(context?.source ?? '') : value;
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown) as {
    data: Row[];
    next_cursor: string | null;
  };
}

/** The sums of some events, in plain arithmetic. */
function sumsOf(some: Event[]): Record<string, unknown> {
  const sum = (field: string): bigint =>
    some.reduce((total, { usage }) => total + BigInt(usage[field] ?? 0), 0n);
  const pico = some.reduce(
    (total, { cost }) => total + (cost?.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n),
    0n,
  );
  return {
    events: BigInt(some.length),
    requests: sum('requests'),
    input_tokens: sum('input_tokens'),
    cache_read_tokens: sum('cache_read_tokens'),
    cache_write_tokens: sum('cache_write_tokens'),
    output_tokens: sum('output_tokens'),
    output_reasoning_tokens: sum('output_reasoning_tokens'),
    cost: decimalFromPico(pico),
    currency: 'USD',
    unpriced_events: BigInt(some.filter(({ cost }) => cost?.state === 'unpriced').length),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The local month, day or hour of a moment, from Intl alone. */
function label(epochMs: number, window: string, timeZone: string): string {
  if (window === 'total') return '';
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      timeZoneName: 'longOffset',
    });
  formats.set(timeZone, format);
  const part = Object.fromEntries(
    format.formatToParts(epochMs).map(({ type, value }) => [type, value]),
  );
  const month = `${part['year']}-${part['month']}`;
  if (window === 'month') return month;
  return window === 'day'
    ? `${month}-${part['day']}`
    : `${month}-${part['day']} ${part['hour']} ${part['timeZoneName']}`;
}

describe('GET /v1/usage', () => {
  it('gives exact sums for any range, window, zone, grouping and filter', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuestion, async (question) => {
        const [from, to] = question.edges as [number, number];
        const asked = events.filter((event) => {
          const at = Date.parse(event.event_time);
          const passes = Object.entries(question.filters).every(([name, values]) =>
            values.includes(event[name as Dimension] ?? ''),
          );
          return at >= from && at < to && passes;
        });
        const groups = Map.groupBy(asked, (event) =>
          JSON.stringify([
            label(Date.parse(event.event_time), question.window, question.zone),
            ...question.groupBy.map((name) => event[name] ?? null),
          ]),
        );
        // Many rows in small pages would only take long.
        const rows = await ask(question, groups.size > 60 ? 10_000 : question.pageRows);
        const answered = new Map(
          rows.map(({ window_start, window_end, ...row }) => {
            const [start, end] = [Date.parse(window_start), Date.parse(window_end)];
            expect(label(end - 1, question.window, question.zone)).toBe(
              label(start, question.window, question.zone),
            );
            if (start !== from)
              expect(label(start - 1, question.window, question.zone)).not.toBe(
                label(start, question.window, question.zone),
              );
            if (end !== to)
              expect(label(end, question.window, question.zone)).not.toBe(
                label(start, question.window, question.zone),
              );
            const values = question.groupBy.map((name) => row[name]);
            for (const name of question.groupBy) delete row[name];
            return [JSON.stringify([label(start, question.window, question.zone), ...values]), row];
          }),
        );
        expect(answered.size).toBe(rows.length);
        expect(answered).toEqual(
          new Map([...groups].map(([group, some]) => [group, sumsOf(some)])),
        );
        const starts = rows.map(({ window_start }) => window_start);
        expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? -1 : 1)));
      }),
      { numRuns: 100 },
    );
  });

  it('is one row with everything when nothing is asked for', async () => {
    const { text } = await bench.call('GET', '/v1/usage', { key: mine.key });
    const within = events.filter(
      ({ event_time }) => event_time < new Date(Date.now() + 172_800_000).toISOString(),
    );
    expect(parseExact(text).data).toEqual([
      {
        window_start: '1970-01-01T00:00:00.000Z',
        window_end: expect.stringMatching(/T00:00:00\.000Z$/),
        ...sumsOf(within),
      },
    ]);
  });

  it('shows nothing of another project, whatever the filter', async () => {
    const strangers = await bench.call('GET', '/v1/usage?customer=stranger&group_by=customer', {
      key: mine.key,
    });
    expect(strangers.body.data).toEqual([]);
    const grouped = await bench.call('GET', '/v1/usage?group_by=customer,user&to=2029-01-01', {
      key: other.key,
    });
    expect(new Set(grouped.body.data.map((row) => row['customer']))).toEqual(new Set(['stranger']));
  });

  it('says what is wrong with a question', async () => {
    const wrong: [string, string][] = [
      ['from=yesterday', 'from'],
      ['from=2026-02-30T00:00:00Z', 'from'],
      ['from=2026-03-02&to=2026-03-01', 'from'],
      ['window=week', 'window'],
      ['time_zone=Mars/Olympus', 'time_zone'],
      ['group_by=customer,colour', 'group_by'],
      ['limit=10001', 'limit'],
      ['limit=0', 'limit'],
      ['limit=ten', 'limit'],
      ['cursor=abc', 'cursor'],
      ['custmer=acme', 'custmer'],
      ['project=p2', 'project'],
    ];
    for (const [query, field] of wrong) {
      const { status, body } = await bench.call('GET', `/v1/usage?${query}`, { key: mine.key });
      expect([query, status, body.error.details[0]?.field]).toEqual([query, 400, field]);
      expect(body.error.request_id).toMatch(/^req_/);
    }
  });

  it('does not know up to when it is complete while Kafka is away and nothing was stored through it', async () => {
    const { body } = await bench.call('GET', '/v1/usage', { key: mine.key });
    expect(body['fresh_to']).toBeNull();
  });
});
