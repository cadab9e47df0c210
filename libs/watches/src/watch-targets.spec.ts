import { describe, expect, it } from '@jest/globals';
import type { PricedUsage } from '#contracts';
import type { Budget } from './budget.js';
import { compileBudget } from './compile-watch.js';
import { WatchTargets } from './watch-targets.js';

const compiled = compileBudget({
  id: 'b1',
  project: 'p1',
  on: 'events',
  scope: {},
  per: ['customer'],
  window: { kind: 'lifetime' },
} as unknown as Budget);
const usageOf = (customer: string) => ({ customer }) as unknown as PricedUsage;

describe('what is remembered of targets', () => {
  it('is bounded by its bytes, however long the values are', () => {
    const targets = new WatchTargets([compiled], () => [compiled], 100_000);
    for (let n = 0; n < 500; n += 1) {
      const [group] = targets.of(usageOf(`${n}`.padEnd(1_000, 'x')));
      expect(group!.targets).toHaveLength(1);
      expect(targets.bytes).toBeLessThanOrEqual(100_000);
    }
    // A thousand characters stand in the values and in the key, at two bytes each.
    expect(targets.bytes).toBeGreaterThan(4_000);
  });

  it('leaves out what alone is too much', () => {
    const targets = new WatchTargets([compiled], () => [compiled], 100_000);
    const large = usageOf('x'.repeat(60_000));
    expect(targets.of(large)).not.toBe(targets.of(large));
    expect(targets.bytes).toBe(0);
    const small = usageOf('acme');
    expect(targets.of(small)).toBe(targets.of(small));
    targets.forget();
    expect(targets.bytes).toBe(0);
  });
});
