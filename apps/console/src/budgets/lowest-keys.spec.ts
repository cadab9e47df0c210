import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lowestKeys } from './lowest-keys.js';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '"', 'é'), maxLength: 4 });

async function* oneByOne(slices: readonly string[][]) {
  for (const slice of slices) yield await Promise.resolve(slice);
}

describe('the lowest keys', () => {
  it('are those of a list of all of them in order, a page behind another', async () => {
    const slices = fc.array(fc.array(key, { maxLength: 9 }), { maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(slices, fc.integer({ min: 1, max: 7 }), async (some, keysMax) => {
        const isAsked = (one: string) => !one.includes('b');
        const pages: string[][] = [];
        for (let after: string | null = null; ;) {
          const page = await lowestKeys(oneByOne(some), { after, keysMax, isAsked });
          if (page.length === 0) break;
          pages.push(page);
          after = page.at(-1)!;
        }
        const all = [...new Set(some.flat().filter(isAsked))].sort();
        expect(pages.flat()).toEqual(all);
        expect(pages.slice(0, -1).every(({ length }) => length === keysMax)).toBe(true);
      }),
    );
  });

  it('are chosen while at most a page and a slice are held', async () => {
    let held = 0;
    const isAsked = () => {
      held += 1;
      return true;
    };
    // Once a page is full, what lies above it is not even looked at.
    const slices = Array.from({ length: 100 }, (_, n) => [`${100 + n} a`, `${100 + n} b`]);
    const page = await lowestKeys(oneByOne(slices), { after: null, keysMax: 3, isAsked });
    expect(page).toEqual(['100 a', '100 b', '101 a']);
    expect(held).toBe(4);
  });
});
