import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { picoFromDecimal } from '#money';
import { decimalFromCents, decimalFromCharge, parseMarkup } from './charge.js';
import { amountOf, invoiceLines, lineKeyOf, type UsageTotal } from './invoice-lines.js';

const total = (cost: string, over: Partial<UsageTotal> = {}): UsageTotal => ({
  provider: 'openai',
  model: 'gpt-4o',
  events: 2,
  unpricedEvents: 0,
  costPico: picoFromDecimal(cost) ?? 0n,
  ...over,
});

const markupOf = (text: string): bigint => parseMarkup(text) ?? -1n;

describe('invoiceLines', () => {
  // Amounts worked out by hand: cost times markup, to cents, ties away from zero.
  it.each([
    ['0.00675', '1', '0.01', '-0.00325'],
    ['0.004999999999', '1', '0', '0.004999999999'],
    ['0.005', '1', '0.01', '-0.005'],
    ['12.345', '1', '12.35', '-0.005'],
    ['12.344', '1.25', '15.43', '0'],
    ['0.000000000001', '1.000000000001', '0', '0.000000000001000000000001'],
    ['10', '0', '0', '0'],
    ['99999999.999999999999', '1.5', '150000000', '-0.0000000000015'],
  ])('cost %s at markup %s is billed as %s, remainder %s', (cost, markup, amount, remainder) => {
    const [line] = invoiceLines([total(cost)], markupOf(markup));
    expect(decimalFromCents(line?.amountCents ?? -1n)).toBe(amount);
    expect(decimalFromCharge(line?.remainder ?? -1n)).toBe(remainder);
  });

  it('leaves out events without a price, and models that have none with one', () => {
    const lines = invoiceLines(
      [
        total('0.02', { events: 5, unpricedEvents: 2 }),
        total('0', { model: 'unknown', events: 3, unpricedEvents: 3 }),
        total('0', { model: 'free', events: 1 }),
      ],
      markupOf('1'),
    );
    expect(lines.map(({ model, events, description }) => [model, events, description])).toEqual([
      ['gpt-4o', 3, 'openai gpt-4o: 3 events'],
      ['free', 1, 'openai free: 1 event'],
    ]);
  });

  it('shares one line among the cheapest models beyond 249, rounded once', () => {
    // 250 models cost a dollar each, 10 cost 0.004 each: together 1 dollar and 0.04.
    const dear = Array.from({ length: 250 }, (_, index) => total('1', { model: `dear-${index}` }));
    const cheap = Array.from({ length: 10 }, (_, i) => total('0.004', { model: `cheap-${i}` }));
    const lines = invoiceLines([...cheap, ...dear], markupOf('1'));
    expect(lines).toHaveLength(250);
    expect(new Set(lines.map(({ lineKey }) => lineKey)).size).toBe(250);
    expect(lines.at(-1)).toMatchObject({
      lineKey: 'other',
      description: '11 other models: 22 events',
      amountCents: 104n,
      remainder: 0n,
    });
  });

  it('counts on the shared line what has a price, and asks in all what its lines ask', () => {
    // 249 lines of a dollar; 2 models of 3 events, one of them unpriced, share 0.5 + 0.25.
    const dear = Array.from({ length: 249 }, (_, n) => total('1', { model: `m${n}` }));
    const partly = { events: 3, unpricedEvents: 1 };
    const cheap = [
      total('0.5', { model: 'x', ...partly }),
      total('0.25', { model: 'y', ...partly }),
    ];
    const lines = invoiceLines([...dear, ...cheap], markupOf('1'));
    expect(lines.at(-1)).toMatchObject({ description: '2 other models: 4 events', events: 4 });
    expect(amountOf(lines)).toBe(24_975n);
  });

  it('puts models of one cost in the order of their keys, whatever order they come in', () => {
    const models = ['a', 'b', 'c', 'd', 'e', 'f'].map((model) => total('1', { model }));
    const keys = models.map(lineKeyOf).sort();
    for (const given of [models, models.toReversed()])
      expect(invoiceLines(given, markupOf('1')).map(({ lineKey }) => lineKey)).toEqual(keys);
  });

  it('names what has no name, cuts long names, and keeps apart by a key of 32 digits what they began alike', () => {
    const long = 'm'.repeat(300);
    const lines = invoiceLines(
      [
        total('3', { provider: null, model: null }),
        total('2', { model: `${long}1` }),
        total('1', { model: `${long}2` }),
      ],
      markupOf('1'),
    );
    expect(lines.map(({ description }) => description)).toEqual([
      'unnamed provider unnamed model: 2 events',
      `openai ${'m'.repeat(200)}: 2 events`,
      `openai ${'m'.repeat(200)}: 2 events`,
    ]);
    expect(new Set(lines.map(({ lineKey }) => lineKey)).size).toBe(3);
    for (const { lineKey } of lines) expect(lineKey).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    [249, 249, false],
    [250, 250, false],
    [251, 250, true],
  ])('gives %i models %i lines, the last one shared: %s', (models, count, isShared) => {
    const usage = Array.from({ length: models }, (_, n) => total('1', { model: `m${n}` }));
    const lines = invoiceLines(usage, markupOf('1'));
    expect(lines).toHaveLength(count);
    expect(lines.at(-1)?.lineKey === 'other').toBe(isShared);
  });

  const totals = fc.uniqueArray(
    fc.record({
      provider: fc.option(fc.string(), { nil: null }),
      model: fc.option(fc.string(), { nil: null }),
      events: fc.integer({ min: 1, max: 1000 }),
      unpricedEvents: fc.constant(0),
      costPico: fc.bigInt({ min: 0n, max: 10n ** 20n }),
    }),
    { selector: ({ provider, model }) => JSON.stringify([provider, model]), maxLength: 400 },
  );
  const markup = fc.bigInt({ min: 0n, max: 10n ** 14n });
  const inCharge = (cents: bigint) => cents * 10n ** 22n;
  const sum = (values: bigint[]) => values.reduce((a, b) => a + b, 0n);

  it('bills every pico-dollar: amounts and remainders add up to cost times markup', () => {
    fc.assert(
      fc.property(totals, markup, (usage, factor) => {
        const lines = invoiceLines(usage, factor);
        const billed = sum(lines.map((line) => inCharge(line.amountCents) + line.remainder));
        expect(billed).toBe(sum(usage.map(({ costPico }) => costPico)) * factor);
        expect(lines.length).toBe(Math.min(usage.length, 250));
      }),
    );
  });

  it('is never more than half a cent off on a line, and does not depend on the order', () => {
    fc.assert(
      fc.property(totals, markup, (usage, factor) => {
        const lines = invoiceLines(usage, factor);
        const half = inCharge(1n) / 2n;
        expect(lines.every(({ remainder }) => remainder >= -half && remainder < half)).toBe(true);
        expect(invoiceLines(usage.toReversed(), factor)).toEqual(lines);
      }),
    );
  });
});

describe('parseMarkup', () => {
  it.each(['-1', '1e1', '', '1.0000000000001'])('refuses %j', (text) =>
    expect(parseMarkup(text)).toBeNull(),
  );
});
