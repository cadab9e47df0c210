import { expect, test } from '@jest/globals';
import { dropNulls } from './drop-nulls.js';

const nested = new Set(['usage']);

test('null is as absent, in an item and in what is nested in it, and nowhere deeper', () => {
  const item = {
    id: null,
    model: 'm',
    usage: { input_tokens: 0, output_tokens: null },
    properties: { a: null },
    tags: [null],
  };
  expect(dropNulls(item, nested)).toEqual({
    model: 'm',
    usage: { input_tokens: 0 },
    properties: { a: null },
    tags: [null],
  });
});

test.each([null, 7, 'text', [[null]], { usage: [null] }, { usage: 7 }])(
  '%j stays as it is',
  (item) => {
    expect(dropNulls(item, nested)).toEqual(item);
  },
);

test('a key that JavaScript holds for its own is still there to be refused', () => {
  const item = dropNulls(JSON.parse('{"__proto__":{"a":1},"usage":{"__proto__":1}}'), nested);
  expect(JSON.stringify(item)).toBe('{"__proto__":{"a":1},"usage":{"__proto__":1}}');
});
