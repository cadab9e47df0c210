import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { UsageRow } from '#clickhouse';
import type { Scope, WatchDimension } from '#contracts';
import type { BudgetMeasure } from '#meters';
import { pricedUsage, someBudget } from '#samples';
import { type Budget, compileBudget, compileRate, WatchIndex } from '#watches';
import { countItems as countInSlices } from './count-items.js';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-11-02T00:00:00.000Z');
const value = fc.constantFrom('a', 'b', '1:a;');
const budgets = fc.array(
  fc.record({
    on: fc.constantFrom<BudgetMeasure>('cost', 'tokens', 'events'),
    scope: fc.record({ customer: value, tag: value }, { requiredKeys: [] }),
    per: fc.constantFrom<WatchDimension[]>([], ['customer'], ['tag', 'model']),
    unit: fc.constantFrom('hour', 'day'),
  }),
  { maxLength: 20 },
);
const events = fc.array(
  fc.record({
    customer: fc.option(value),
    model: fc.option(value),
    tags: fc.array(value, { maxLength: 3 }),
    hour: fc.integer({ min: 0, max: 47 }),
    micros: fc.integer({ min: 0, max: 9 }),
  }),
  { maxLength: 40 },
);

interface Plain {
  on: BudgetMeasure;
  scope: Scope;
  per: WatchDimension[];
  unit: string;
}

function budgetOf({ unit, ...rest }: Plain, place: number): Budget {
  const window = { kind: 'calendar', unit: unit as 'hour', time_zone: 'UTC' } as const;
  return someBudget({ id: String(place), window, ...rest });
}

function countItems(...asked: Parameters<typeof countInSlices>) {
  const slices = countInSlices(...asked);
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
  }
}

/** How many of the rows each slice takes. */
function rowsOfSlices(rows: readonly UsageRow[], index: WatchIndex): number[] {
  const taken = [0];
  function* taking() {
    for (const row of rows) {
      taken[taken.length - 1]! += 1;
      yield row;
    }
  }
  const slices = countInSlices(taking(), index, () => true, 20_000);
  while (!slices.next().done) taken.push(0);
  return taken;
}

describe('countItems', () => {
  it('gives every counter what a plain scan of all budgets over all events gives it', () => {
    fc.assert(
      fc.property(budgets, events, (plain, happened) => {
        const index = new WatchIndex(plain.map((one, at) => compileBudget(budgetOf(one, at))));
        const rows = happened.map(({ customer, model, tags, hour, micros }, n): UsageRow => ({
          usage: pricedUsage({
            id: `event ${n}`,
            customer,
            model,
            tags,
            event_time: new Date(START_MS + hour * HOUR_MS + n).toISOString(),
            cost: { state: 'priced', amount: `0.00000${micros}`, lines: [], price_version: 'v' },
          }),
          origin: { cluster: 'c1', partition: 0, offset: '1', appended_at: '' },
          index: n,
        }));
        const expected = new Map<string, string>();
        const amounts = new Map<string, bigint>();
        plain.forEach(({ on, scope, per, unit }, budget) =>
          happened.forEach(({ customer, model, tags, hour, micros }, n) => {
            if (scope.customer !== undefined && scope.customer !== customer) return;
            if (scope.tag !== undefined && !tags.includes(scope.tag)) return;
            const amount = { cost: BigInt(micros) * 1_000_000n, tokens: 1_500n, events: 1n }[
              on as 'cost'
            ];
            if (amount === 0n) return;
            const windowMs =
              START_MS + (unit === 'hour' ? hour : Math.floor(hour / 24) * 24) * HOUR_MS;
            const keys =
              per.length === 0
                ? ['{}']
                : per.length === 1
                  ? customer === null
                    ? []
                    : [JSON.stringify({ customer })]
                  : model === null
                    ? []
                    : [...new Set(tags)].map((tag) => JSON.stringify({ model, tag }));
            for (const key of keys) {
              const counter = `${budget} ${windowMs} ${key}`;
              amounts.set(counter, (amounts.get(counter) ?? 0n) + amount);
              const last = new Date(START_MS + hour * HOUR_MS + n).toISOString();
              expected.set(counter, `${amounts.get(counter)} ${last}`);
            }
          }),
        );
        const found = countItems(rows, index, () => true, 1_000)!.map(
          ({ compiled, window, key, amount, eventTime }) =>
            [`${compiled.watch.id} ${window.startMs} ${key}`, `${amount} ${eventTime}`] as const,
        );
        expect(new Map(found)).toEqual(expected);
        expect(found).toHaveLength(expected.size);
      }),
      { numRuns: 300 },
    );
  });

  it('knows when the last of what it adds was received, whichever happened last', () => {
    const budget = { on: 'events', scope: {}, per: [], unit: 'day' } as const;
    const index = new WatchIndex([compileBudget(budgetOf({ ...budget, per: [] }, 1))]);
    const rows = [
      { customer: 'a', received_at: '2026-11-02T01:00:00.000Z' },
      { customer: 'b', received_at: '2026-11-09T01:00:00.000Z' },
      { customer: 'a', received_at: '2026-11-03T01:00:00.000Z' },
    ].map((fields, n): UsageRow => ({
      usage: pricedUsage({ id: `event ${n}`, event_time: '2026-11-02T00:00:00.000Z', ...fields }),
      origin: { cluster: 'c1', partition: 0, offset: '1', appended_at: '' },
      index: n,
    }));
    const found = countItems(rows, index, () => true, 1_000)!;
    expect(found.map(({ amount, receivedAt }) => [amount, receivedAt])).toEqual([
      [3n, '2026-11-09T01:00:00.000Z'],
    ]);
  });

  it('keeps the bins of latencies of each counter apart', () => {
    const rate = compileRate({
      id: 'r1',
      project: 'p1',
      name: 'slow',
      on: 'latency_p95',
      scope: {},
      per: ['customer'],
      over_seconds: 60,
      limit: '100',
      change_percent: null,
      events_min: 1,
      change: 1n,
      created_at: '2026-11-01T00:00:00.000Z',
      deleted_at: null,
    });
    const rows = [
      { customer: 'a', latency_ms: 1 },
      { customer: 'b', latency_ms: 1 },
      { customer: 'a', latency_ms: 1 },
      // 1.1^49 = 106.7, 1.1^48 = 97.0: the first bin that reaches 100 ms is 49.
      { customer: 'a', latency_ms: 100 },
    ].map((fields, n): UsageRow => ({
      usage: pricedUsage({ id: `event ${n}`, ...fields }),
      origin: { cluster: 'c1', partition: 0, offset: '1', appended_at: '' },
      index: n,
    }));
    const found = countItems(rows, new WatchIndex([rate]), () => true, 10)!;
    expect(found.map(({ key, events, bins }) => [key, events, [...bins]])).toEqual([
      [
        '{"customer":"a"}',
        3,
        [
          [0, 2],
          [49, 1],
        ],
      ],
      ['{"customer":"b"}', 1, [[0, 1]]],
    ]);
  });

  it('takes a few hundred rows at a time where each belongs to many budgets, and fewer with many new counters', () => {
    const row = (n: number, fields: object): UsageRow => ({
      usage: pricedUsage({ id: `event ${n}`, ...fields }),
      origin: { cluster: 'c1', partition: 0, offset: '1', appended_at: '' },
      index: n,
    });
    const indexOf = (...all: Plain[]) =>
      new WatchIndex(all.map((one, at) => compileBudget(budgetOf(one, at))));
    const plain = { on: 'cost', scope: {}, per: [], unit: 'day' } as const;
    // Seventeen that measure differently, or count in windows of their own.
    const seventeen = (['cost', 'tokens', 'events'] as const).flatMap((on) =>
      ['minute', 'hour', 'day', 'week', 'month', 'year'].map((unit) => ({
        ...plain,
        on,
        unit,
        per: [],
      })),
    );
    const rows = Array.from({ length: 10_000 }, (_, n) => row(n, { customer: `c${n % 300}` }));
    const ofMany = rowsOfSlices(rows, indexOf(...seventeen.slice(0, 17)));
    expect(ofMany.reduce((sum, one) => sum + one, 0)).toBe(10_000);
    // 2,500 additions, seventeen a row.
    expect(Math.max(...ofMany)).toBeLessThan(150);
    const tagged = Array.from({ length: 500 }, (_, n) =>
      row(n, { tags: Array.from({ length: 20 }, (_tag, at) => `t${n * 20 + at}`) }),
    );
    const ofTags = rowsOfSlices(tagged, indexOf({ ...plain, per: ['tag'] }));
    // Twenty counters a row, none of which was met before.
    expect(Math.max(...ofTags)).toBeLessThan(30);
    expect(ofTags.length).toBeGreaterThan(10);
  });
});
