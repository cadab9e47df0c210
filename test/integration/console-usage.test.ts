import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConsoleHarness } from './console-harness.js';
import { expectedGroups, localLabel, sumsOf } from './usage-oracle.js';
import { anyEvent, anyQuestion, type Event, type Question } from './usage-questions.js';

let harness: ConsoleHarness;
let mine: { project: string; key: string };
let other: { project: string; key: string };
let events: Event[];

beforeAll(async () => {
  harness = await ConsoleHarness.open();
  [mine, other] = [await harness.newProject(), await harness.newProject()];
  events = fc
    .sample(anyEvent, { seed: 20261121, numRuns: 1500 })
    .map((event, n) => ({ ...event, project: mine.project, id: `e${n}` }));
  // Several inserts, so that rollups have several parts to sum.
  for (let start = 0; start < events.length; start += 300)
    await harness.store(events.slice(start, start + 300));
  await harness.store(
    events
      .slice(0, 50)
      .map((event) => ({ ...event, project: other.project, customer: 'stranger' })),
  );
});
afterAll(() => harness.close());

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
    const { status, text } = await harness.call('GET', `/v1/usage?${parameters.toString()}`, {
      key: mine.key,
    });
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
  return JSON.parse(text, reviver) as {
    data: Row[];
    next_cursor: string | null;
  };
}

describe('GET /v1/usage', () => {
  it('gives exact sums for any range, window, zone, grouping and filter', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuestion, async (question) => {
        const [from, to] = question.edges as [number, number];
        const expected = expectedGroups(events, question);
        // Many rows in small pages would only take long.
        const rows = await ask(question, expected.size > 60 ? 10_000 : question.pageRows);
        const label = (epochMs: number) => localLabel(epochMs, question.window, question.zone);
        const answered = rows.map(({ window_start, window_end, ...row }) => {
          const [start, end] = [Date.parse(window_start), Date.parse(window_end)];
          expect(label(end - 1)).toBe(label(start));
          if (start !== from) expect(label(start - 1)).not.toBe(label(start));
          if (end !== to) expect(label(end)).not.toBe(label(start));
          const values = question.groupBy.map((name) => row[name]);
          for (const name of question.groupBy) delete row[name];
          return [JSON.stringify([label(start), ...values]), row] as const;
        });
        expect(answered).toHaveLength(expected.size);
        expect(new Map(answered)).toEqual(expected);
        const starts = rows.map(({ window_start }) => window_start);
        expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? -1 : 1)));
      }),
      { numRuns: 100 },
    );
  });

  it('is one row with everything when nothing is asked for', async () => {
    const { text } = await harness.call('GET', '/v1/usage', { key: mine.key });
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
    const strangers = await harness.call('GET', '/v1/usage?customer=stranger&group_by=customer', {
      key: mine.key,
    });
    expect(strangers.body.data).toEqual([]);
    const grouped = await harness.call('GET', '/v1/usage?group_by=customer,user&to=2029-01-01', {
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
      const { status, body } = await harness.call('GET', `/v1/usage?${query}`, { key: mine.key });
      expect([query, status, body.error.details[0]?.field]).toEqual([query, 400, field]);
      expect(body.error.request_id).toMatch(/^req_/);
    }
  });

  it('does not know up to when it is complete while Kafka is away and nothing was stored through it', async () => {
    const { body } = await harness.call('GET', '/v1/usage', { key: mine.key });
    expect(body['fresh_to']).toBeNull();
  });
});
