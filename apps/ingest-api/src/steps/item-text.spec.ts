import { describe, expect, it } from '@jest/globals';
import { measureItem, parseItem, UnreadableItem } from './item-text.js';

const MEBIBYTE = 1_048_576;
const textOf = (length: number) => `"${'x'.repeat(length - 2)}"`;
const measured = (text: string, start = 0) => {
  const bytes = Buffer.from(text);
  return measureItem(bytes, start, bytes.length);
};
const parsed = (text: string) => {
  const bytes = Buffer.from(text);
  return parseItem(bytes, measureItem(bytes, 0, bytes.length)!, 'utf8');
};

describe('an item of a body', () => {
  it('is as long as it is: up to a mebibyte, and no longer', () => {
    expect(measured(textOf(MEBIBYTE))).toEqual({ start: 0, end: MEBIBYTE, broken: null });
    expect(measured(textOf(MEBIBYTE + 1))).toBeNull();
    expect(measured(`,${textOf(MEBIBYTE)},`, 1)).toEqual({
      start: 1,
      end: MEBIBYTE + 1,
      broken: null,
    });
  });

  it('is read in the letters of its body', () => {
    expect(parsed('{"a":"Zoë"}')).toEqual({ a: 'Zoë' });
    const bytes = Buffer.from('["x","y"]');
    expect(parseItem(bytes, { start: 5, end: 8, broken: null }, 'latin1')).toBe('y');
  });

  it('is unreadable by itself, and says why', () => {
    const deep = parsed(`${'['.repeat(9)}${']'.repeat(9)}`) as UnreadableItem;
    expect(deep.refusal).toEqual({
      code: 'too_deep',
      message: 'nested deeper than 8',
      field: null,
    });
    const wide = parsed(`[${'1,'.repeat(256)}1]`) as UnreadableItem;
    expect(wide.refusal).toEqual({
      code: 'too_many_entries',
      message: 'has more than 256 entries in its lists and objects',
      field: null,
    });
    const broken = parsed('{bad}') as UnreadableItem;
    expect(broken.refusal).toEqual({
      code: 'malformed_json',
      message: expect.stringMatching(/^this is not JSON: SyntaxError/),
      field: null,
    });
  });

  it('may have 256 entries, and be eight deep', () => {
    expect(parsed(`[${'1,'.repeat(255)}1]`)).toHaveLength(256);
    expect(parsed(`${'['.repeat(8)}${']'.repeat(8)}`)).toEqual([[[[[[[[]]]]]]]]);
  });
});
