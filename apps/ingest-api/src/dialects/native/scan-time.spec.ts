import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTime } from '../../steps/read-time.js';
import { scanTime } from './scan-time.js';

describe('a time', () => {
  it('is scanned to the same instant as Date reads it, for every day from 1970 to 2199', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) - 1 }), (timeMs) => {
        const text = new Date(timeMs).toISOString();
        expect(scanTime(Buffer.from(`"${text}"`), 1)).toBe(timeMs);
        expect(readTime(text)).toBe(timeMs);
      }),
      { numRuns: 5_000 },
    );
  });
});
