import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { picoFromDecimal } from '#money';
import { parseMarkup } from './charge.js';
import { correctionLines } from './correction-lines.js';
import { type InvoiceLine, invoiceLines, lineKeyOf, type UsageTotal } from './invoice-lines.js';

const MARKUP = parseMarkup('1.5') ?? 0n;

const used = (model: string, cost: string, over: Partial<UsageTotal> = {}): UsageTotal => ({
  provider: 'openai',
  model,
  events: 5,
  unpricedEvents: 0,
  costPico: picoFromDecimal(cost) ?? 0n,
  ...over,
});

const correct = (totals: UsageTotal[], frozen: InvoiceLine[]) =>
  correctionLines('2026-11', totals, frozen, MARKUP);

const frozen = invoiceLines([used('a', '1.001'), used('b', '0.2')], MARKUP);

describe('correctionLines', () => {
  it('are none for what was frozen, in any order, and for events that cost nothing', () => {
    expect(correct([used('b', '0.2'), used('a', '1.001')], frozen)).toEqual([]);
    const free = [used('a', '1.001', { events: 6 }), used('b', '0.2'), used('free', '0')];
    expect(correct(free, frozen)).toEqual([]);
    expect(
      correct(
        [used('a', '1.001'), used('b', '0.2'), used('c', '9', { unpricedEvents: 5 })],
        frozen,
      ),
    ).toEqual([]);
  });

  it('are a line for what came, changed and went, the largest difference first', () => {
    const now = [used('a', '1.002'), used('c', '2', { events: 1, provider: null })];
    expect(
      correct(now, frozen).map(({ description, amountCents, events }) => [
        description,
        amountCents,
        events,
      ]),
    ).toEqual([
      ['correction of 2026-11, unnamed provider c: 1 event more', 300n, 1],
      ['correction of 2026-11, openai b: 5 events fewer', -30n, -5],
      // 1.5015 was asked as 1.50 and 1.503 still is.
      ['correction of 2026-11, openai a: another cost of the same events', 0n, 0],
    ]);
  });

  it('count the events that have a price', () => {
    const priced = used('a', '2.001', { events: 9, unpricedEvents: 3 });
    // 9 less 3 are 6, of which 5 were frozen.
    expect(correct([priced, used('b', '0.2')], frozen)).toMatchObject([
      { description: 'correction of 2026-11, openai a: 1 event more', events: 1 },
    ]);
  });

  it('that are as large as each other, more or less, come in the order of their keys', () => {
    const models = ['a', 'b', 'c', 'd', 'e', 'f'];
    const before = invoiceLines(
      models.slice(0, 3).map((model) => used(model, '1')),
      MARKUP,
    );
    const now = models.slice(3).map((model) => used(model, '1'));
    const keys = models.map((model) => lineKeyOf({ provider: 'openai', model })).sort();
    for (const given of [now, now.toReversed()])
      expect(correct(given, before).map(({ lineKey }) => lineKey)).toEqual(keys);
  });

  it('keep to the shared line what has none of its own', () => {
    const many = Array.from({ length: 300 }, (_, n) => used(`m${n}`, n < 249 ? '2' : '0.01'));
    const shared = invoiceLines(many, MARKUP);
    expect(shared).toHaveLength(250);
    const now = many.map((total) => (total.model === 'm299' ? used('m299', '0.05') : total));
    const lines = correct([...now, used('new', '0.06')], shared);
    // 0.04 more of one that shares, and 0.06 of one that is new: 0.1 x 1.5.
    expect(lines).toMatchObject([
      {
        lineKey: 'other',
        description: 'correction of 2026-11, other models: 5 events more',
        events: 5,
        amountCents: 15n,
      },
    ]);
  });

  const usage = fc.uniqueArray(
    fc.record({
      provider: fc.constantFrom('p', null),
      model: fc.integer({ min: 0, max: 400 }).map(String),
      events: fc.integer({ min: 1, max: 9 }),
      unpricedEvents: fc.constant(0),
      costPico: fc.bigInt({ min: 1n, max: 10n ** 14n }),
    }),
    { selector: ({ provider, model }) => `${provider} ${model}`, maxLength: 600, size: 'max' },
  );

  it('bring what is frozen to what is stored, exactly, whatever was stored before', () => {
    const totalOf = (parts: readonly { costPico: bigint }[]) =>
      parts.reduce((sum, { costPico }) => sum + costPico, 0n);
    fc.assert(
      fc.property(fc.array(usage, { minLength: 2, maxLength: 4 }), (history) => {
        let lines = invoiceLines(history[0] ?? [], MARKUP);
        for (const stored of history.slice(1)) {
          let rounds = 0;
          for (;;) {
            const next = correct(stored, lines);
            expect(next.length).toBeLessThanOrEqual(250);
            if (next.length === 0) break;
            lines = [...lines, ...next];
            rounds += 1;
          }
          // 600 models come and 600 go, at most.
          expect(rounds).toBeLessThanOrEqual(6);
          expect(totalOf(lines)).toBe(totalOf(stored));
          for (const own of Map.groupBy(lines, ({ lineKey }) => lineKey).values()) {
            const remainder = own.reduce((sum, line) => sum + line.remainder, 0n);
            const half = 10n ** 22n / 2n;
            expect(remainder >= -half && remainder < half).toBe(true);
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});
