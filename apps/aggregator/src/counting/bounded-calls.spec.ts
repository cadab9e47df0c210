import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { UsageRow } from '#clickhouse';
import type { CompiledWatch } from '#watches';
import { fewerRows, ofOneCall, partFrom, rowsOfACall, workOf } from './bounded-calls.js';

/** Positions with so many rows each. */
function rowsAt(sizes: readonly number[]): UsageRow[] {
  return sizes.flatMap((size, offset) =>
    Array.from({ length: size }, (_, index) => {
      const origin = { offset: String(offset) };
      return { origin, index } as unknown as UsageRow;
    }),
  );
}

/** Parts that are tried until one has no more than `fitting` rows, or is a single position. */
function tries(sizes: readonly number[], rowsMax: number, fitting: number): number[] {
  const rows = rowsAt(sizes);
  const tried: number[] = [];
  for (let most = rowsMax; tried.length < 100;) {
    const part = partFrom(rows, 0, most);
    tried.push(part.rows.length);
    if (part.rows.length <= fitting || part.isOnePosition) return tried;
    most = fewerRows(most, part);
  }
  throw new Error('the same part is tried for ever');
}

describe('a part of rows that is too much for a call', () => {
  it('is left behind also where a large position makes it as large again', () => {
    // Of 1 row and 8 rows, the first 4 are all 9: then the first 2, and at last the first alone.
    expect(tries([1, 8], 8, 5)).toEqual([9, 9, 9, 1]);
  });

  it('becomes one that fits, or a single position, in a few tries', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 20 });
    const some = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(sizes, some, some, (positions, rowsMax, fitting) => {
        const tried = tries(positions, rowsMax, fitting);
        expect(tried.length).toBeLessThan(20);
        const last = tried.at(-1)!;
        expect(last <= fitting || last === positions[0]).toBe(true);
      }),
    );
  });
});

describe('a call to Redis', () => {
  const plain = { compiled: { bucketMs: null } as CompiledWatch };
  const sliding = { compiled: { bucketMs: 60_000 } as CompiledWatch };

  it('has as many rows as come to 2,500 plain counters, or to 38 sliding ones', () => {
    const after = (deltas: { compiled: CompiledWatch }[]) => rowsOfACall(100, workOf(deltas));
    expect(after(Array.from({ length: 500 }, () => plain))).toBe(500);
    expect(after(Array.from({ length: 100 }, () => sliding))).toBe(38);
    expect(after([])).toBe(10_000);
    expect(after(Array.from({ length: 10_000 }, () => sliding))).toBe(1);
  });

  it('never judges more than 1,538 sliding counters', () => {
    const counters = Array.from({ length: 1_538 }, () => sliding);
    expect(ofOneCall([...counters, ...Array.from({ length: 30 }, () => plain)])).toHaveLength(
      1_568,
    );
    expect(ofOneCall([...counters, sliding])).toBe(null);
    expect(ofOneCall(null)).toBe(null);
  });
});
