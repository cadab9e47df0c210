import { describe, expect, it } from '@jest/globals';
import { exactJson } from './exact-json.js';

describe('exact JSON', () => {
  it('keeps every digit of a count above 2^53', () => {
    expect(exactJson({ a: [9007199254740993n, 18446744073709551615n] })).toBe(
      '{"a":[9007199254740993,18446744073709551615]}',
    );
  });

  it('is plain JSON otherwise', () => {
    const value = { text: 'a"\u0000é', none: null, left_out: undefined, list: [1.5, true, {}] };
    expect(exactJson(value)).toBe(JSON.stringify(value));
  });
});
