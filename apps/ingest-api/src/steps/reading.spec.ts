import { expect, test } from '@jest/globals';
import { isRefusal, sayableId, sayableName } from './reading.js';

test('an id is said back up to 256 characters, and what is no text never', () => {
  expect(sayableId('x'.repeat(256))).toBe('x'.repeat(256));
  expect(sayableId('x'.repeat(257))).toBeNull();
  expect([7, null, undefined, ['a']].map(sayableId)).toEqual([null, null, null, null]);
});

test('the name of a field is said back up to 64 characters, and is cut there', () => {
  expect(sayableName('x'.repeat(64))).toBe('x'.repeat(64));
  expect(sayableName('x'.repeat(65))).toBe(`${'x'.repeat(64)}…`);
});

test('a refusal is told from bytes, texts and lists', () => {
  expect(isRefusal({ code: 'c', message: 'm', field: null })).toBe(true);
  expect([Buffer.from('code'), 'code', ['code'], { items: [] }, null, 7].some(isRefusal)).toBe(
    false,
  );
});
