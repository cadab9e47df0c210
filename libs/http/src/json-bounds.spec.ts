import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scanJson } from './json-bounds.js';

const NONE = { entriesMax: Infinity, depthMax: Infinity };
const scan = (text: string, bounds = NONE) =>
  scanJson(Buffer.from(text), 0, Buffer.byteLength(text), bounds);

/** Commas and containers, counted on the value instead of its text. */
function entriesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  return Math.max(inner.length, 1) + inner.reduce<number>((sum, one) => sum + entriesOf(one), 0);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('scanning JSON', () => {
  it('measures every value as it is, whatever its strings hold', () => {
    const anything = fc.json({ maxDepth: 6 });
    fc.assert(
      fc.property(anything, (text) => {
        const value: unknown = JSON.parse(text);
        const depth = depthOf(value);
        const entries = entriesOf(value);
        const bounds = { entriesMax: entries, depthMax: depth };
        expect(scan(text, bounds)).toEqual({ end: Buffer.byteLength(text), entries, broken: null });
        if (depth > 0) {
          expect(scan(text, { ...bounds, entriesMax: entries - 1 }).broken).toBe(
            'too_many_entries',
          );
          expect(scan(text, { ...bounds, depthMax: depth - 1 }).broken).toBe('too_deep');
        }
      }),
    );
  });

  it('stops at the comma or bracket behind a value', () => {
    expect(scan('{"a":"}],\\""},5').end).toBe(13);
    expect(scan('"x]"]').end).toBe(4);
    expect(scan('1}').end).toBe(1);
  });

  it('ends with the bytes where a text is cut', () => {
    for (const text of ['"abc', '"abc\\', '[1,[2', '{"a'])
      expect(scan(text).end).toBe(Buffer.byteLength(text));
  });
});
