import { describe, expect, it } from '@jest/globals';
import type { PricedUsage, WatchDimension } from '#contracts';
import type { Budget } from './budget.js';
import { compileBudget } from './compile-watch.js';
import { WatchTargets } from './watch-targets.js';

const per = (...dimensions: WatchDimension[]) =>
  compileBudget({
    id: 'b1',
    project: 'p1',
    on: 'events',
    scope: {},
    per: dimensions,
    window: { kind: 'lifetime' },
  } as unknown as Budget);
const compiled = per('customer');
const COUNTERS_MAX = 100;
const usageOf = (customer: string) => ({ customer }) as unknown as PricedUsage;

describe('what is remembered of targets', () => {
  it('is bounded by its bytes, however long the values are', () => {
    const targets = new WatchTargets([compiled], () => [compiled], 100_000);
    for (let n = 0; n < 500; n += 1) {
      const groups = targets.of(usageOf(`${n}`.padEnd(1_000, 'x')), COUNTERS_MAX);
      expect(groups![0]!.targets).toHaveLength(1);
      expect(targets.bytes).toBeLessThanOrEqual(100_000);
    }
    // A thousand characters stand in the values and in the key, at two bytes each.
    expect(targets.bytes).toBeGreaterThan(4_000);
  });

  it('leaves out what alone is too much', () => {
    const targets = new WatchTargets([compiled], () => [compiled], 100_000);
    const large = usageOf('x'.repeat(60_000));
    expect(targets.of(large, COUNTERS_MAX)).not.toBe(targets.of(large, COUNTERS_MAX));
    expect(targets.bytes).toBe(0);
    const small = usageOf('acme');
    expect(targets.of(small, COUNTERS_MAX)).toBe(targets.of(small, COUNTERS_MAX));
    targets.forget();
    expect(targets.bytes).toBe(0);
  });
});

describe('an event that belongs to more counters than are wanted', () => {
  // Of 20 tags, 200 watches have 20 counters each.
  const watches = [
    ...Array.from({ length: 100 }, () => per('tag')),
    ...Array.from({ length: 100 }, () => per('tag', 'model')),
  ];
  const targets = new WatchTargets(watches, () => watches);
  const tags = Array.from({ length: 20 }, (_, n) => `tag-${n}`);
  const tagged = { tags, model: 'm' } as unknown as PricedUsage;

  it('is given none of them, and none is made', () => {
    targets.forget();
    expect(targets.of(tagged, 3_999)).toBeNull();
    expect(targets.bytes).toBe(0);
  });

  it('is given all of them where they are just as many', () => {
    const groups = targets.of(tagged, 4_000)!;
    expect(groups.flatMap((group) => group.targets)).toHaveLength(4_000);
  });

  it('belongs to none where it lacks one of the values', () => {
    const untagged = { tags: [], model: 'm' } as unknown as PricedUsage;
    const groups = targets.of(untagged, 0)!;
    expect(groups.flatMap((group) => group.targets)).toEqual([]);
  });
});

describe('the counters of an event', () => {
  const watch = (id: string, on: Budget['on'], seconds: number) =>
    compileBudget({
      id,
      on,
      scope: {},
      per: ['customer'],
      window: { kind: 'rolling', seconds },
    } as unknown as Budget);
  const tokens = watch('tokens', 'tokens', 60);
  const cost = watch('cost', 'cost', 60);
  const longCost = watch('long', 'cost', 120);
  const otherCost = watch('other', 'cost', 60);
  const watches = [tokens, cost, longCost, otherCost];

  it('stand together where they measure alike in windows alike, those of one measure in a row', () => {
    const groups = new WatchTargets(watches, () => watches).of(usageOf('acme'), COUNTERS_MAX)!;
    const ids = groups.map(({ targets }) => targets.map((target) => target.compiled.watch.id));
    expect(ids).toEqual([['cost', 'other'], ['long'], ['tokens']]);
  });

  it('are the same objects for every event that meets them, until all is forgotten', () => {
    const byModel = compileBudget({
      id: 'model',
      on: 'cost',
      scope: { model: 'm' },
      per: [],
      window: { kind: 'lifetime' },
    } as unknown as Budget);
    const targets = new WatchTargets([cost, byModel], () => [cost]);
    const counterOf = (customer: string, model: string) =>
      targets.of({ customer, model } as PricedUsage, COUNTERS_MAX)![0]!.targets[0]!;
    const first = counterOf('acme', 'm');
    expect(counterOf('acme', 'n')).toBe(first);
    expect(counterOf('bob', 'm')).not.toBe(first);
    targets.forget();
    const again = counterOf('acme', 'm');
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });

  it('take what their texts do, and 200 bytes for the values, for each group and for each counter', () => {
    const targets = new WatchTargets(watches, () => watches);
    targets.of(usageOf('acme'), COUNTERS_MAX);
    // `4:acme;` once, and four times `{"customer":"acme"}`: 7 + 4 x 19 characters; 1 + 3 + 4 entries.
    expect(targets.bytes).toBe(2 * 83 + 8 * 200);
    targets.of(usageOf('bob'), COUNTERS_MAX);
    expect(targets.bytes).toBe(2 * 83 + 8 * 200 + 2 * (6 + 4 * 18) + 8 * 200);
  });

  it('are remembered up to the very last byte that may be', () => {
    const targets = new WatchTargets([compiled], () => [compiled], 652);
    // `4:acme;` and `{"customer":"acme"}` are 26 characters, and there are three entries.
    const first = targets.of(usageOf('acme'), COUNTERS_MAX);
    expect(targets.bytes).toBe(652);
    expect(targets.of(usageOf('acme'), COUNTERS_MAX)).toBe(first);
    targets.of(usageOf('bobs'), COUNTERS_MAX);
    expect(targets.bytes).toBe(652);
    expect(targets.of(usageOf('acme'), COUNTERS_MAX)).not.toBe(first);
  });
});
