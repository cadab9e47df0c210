import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PricedUsage, Scope } from '#contracts';
import type { Budget } from './budget.js';
import { limitsOf } from './budget-limits.js';
import { compileBudget } from './compile-watch.js';
import { WatchIndex } from './match-watches.js';

const budget = (overrides: Partial<Budget>): Budget => ({
  id: 'b',
  project: 'p1',
  name: 'a budget',
  on: 'cost',
  scope: {},
  per: [],
  limit: '100',
  window: { kind: 'lifetime' },
  thresholds: [],
  hard: false,
  projected: false,
  suspended: false,
  raise: null,
  renotify_seconds: null,
  change: 1n,
  arming: 1,
  armed_at: '2026-11-01T00:00:00.000Z',
  created_at: '2026-11-01T00:00:00.000Z',
  deleted_at: null,
  ...overrides,
});

const value = fc.constantFrom('a', 'b', 'c');
const optional = fc.option(value);
const scopes = fc.array(
  fc.record(
    { customer: value, model: value, tag: value, 'property.team': value },
    { requiredKeys: [] },
  ),
  { maxLength: 30 },
);
const events = fc.record({
  customer: optional,
  model: optional,
  tags: fc.array(value, { maxLength: 3 }),
  team: optional,
});

describe('WatchIndex', () => {
  it('finds what a plain scan over all budgets finds, each once', () => {
    fc.assert(
      fc.property(scopes, events, (all, { customer, model, tags, team }) => {
        const properties = team === null ? {} : { team };
        const usage = { customer, model, tags, properties } as PricedUsage;
        const wanted = all.flatMap((scope: Scope, place) =>
          (scope.customer === undefined || scope.customer === customer) &&
          (scope.model === undefined || scope.model === model) &&
          (scope.tag === undefined || tags.some((tag) => tag === scope.tag)) &&
          (scope['property.team'] === undefined || scope['property.team'] === team)
            ? [String(place)]
            : [],
        );
        const compiled = all.map((scope: Scope, place) =>
          compileBudget(budget({ id: String(place), scope })),
        );
        const found = new WatchIndex(compiled).match(usage).map((one) => one.watch.id);
        expect(found.sort()).toEqual(wanted.sort());
      }),
      { numRuns: 500 },
    );
  });
});

describe('the watches that an event looks at', () => {
  it('are few of thousands: of each, only by the rarest value of its scope', () => {
    let looks = 0;
    const compiled = Array.from({ length: 2_000 }, (_, n) => {
      const scope: Scope = { model: 'm', customer: `c${n}`, type: 't' };
      const one = compileBudget(budget({ id: String(n), scope }));
      const watch = { ...one.watch };
      Object.defineProperty(watch, 'scope', { get: () => (looks += 1) && scope });
      return { ...one, watch };
    });
    const index = new WatchIndex(compiled);
    looks = 0;
    const usage = { model: 'm', customer: 'c7', type: 't' } as PricedUsage;
    expect(index.match(usage).map(({ watch }) => watch.id)).toEqual(['7']);
    expect(looks).toBe(1);
  });
});

describe('what an event adds to', () => {
  it('is told apart where its values only read alike in a row', () => {
    const index = new WatchIndex([compileBudget(budget({ per: ['tag'] }))]);
    const keysOf = (tags: string[]) =>
      index.targets
        .of({ tags } as PricedUsage, 100)!
        .flatMap(({ targets }) => targets.map(({ key }) => key));
    expect(keysOf(['ab', 'c'])).toEqual(['{"tag":"ab"}', '{"tag":"c"}']);
    expect(keysOf(['a', 'bc'])).toEqual(['{"tag":"a"}', '{"tag":"bc"}']);
    expect(keysOf(['abc'])).toEqual(['{"tag":"abc"}']);
    expect(keysOf(['ab', 'c'])).toEqual(['{"tag":"ab"}', '{"tag":"c"}']);
  });
});

describe('limitsOf', () => {
  const until = '2026-11-10T00:00:00.000Z';
  const before = Date.parse('2026-11-09T00:00:00.000Z');

  it('reads shares and amounts in pico-dollars, rounded up, and breaches at the limit', () => {
    const compiled = compileBudget(
      budget({ limit: '0.00000000001', thresholds: ['33.3%', '100%', '0.5'] }),
    );
    // A limit of 10 pico-dollars: 33.3 % is 3.33, so 4.
    expect(limitsOf(compiled, before).thresholds).toEqual([
      { name: '33.3%', amount: 4n },
      { name: '100%', amount: 10n },
      { name: '0.5', amount: 500_000_000_000n },
    ]);
  });

  it('raises the limit until the raise ends, and arms anew behind it', () => {
    const compiled = compileBudget(budget({ raise: { limit: '150', until } }));
    const during = limitsOf(compiled, before);
    const after = limitsOf(compiled, Date.parse(until));
    expect([during.limitText, after.limitText]).toEqual(['150', '100']);
    expect(after.arming).not.toBe(during.arming);
    expect([during.sinceMs, after.sinceMs]).toEqual([
      Date.parse('2026-11-01T00:00:00.000Z'),
      Date.parse(until),
    ]);
  });

  it('has no thresholds while suspended', () => {
    expect(limitsOf(compileBudget(budget({ suspended: true })), before).thresholds).toEqual([]);
  });
});
