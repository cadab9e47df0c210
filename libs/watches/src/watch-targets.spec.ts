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
