import { describe, expect, it } from '@jest/globals';
import { ApiError } from '#http';
import { splitJson, splitLines, UnreadableItem } from './split-items.js';

function refusalOf(text: string): unknown {
  try {
    splitJson(text);
  } catch (error) {
    if (error instanceof ApiError) return [error.status, error.code, error.details[0]?.field];
  }
  return null;
}

describe('splitting a body', () => {
  it('takes one object, a list, or a list under "events"', () => {
    expect(splitJson('{"id":"a"}')).toEqual({ items: [{ id: 'a' }], single: true });
    expect(splitJson('[{"id":"a"},5]')).toEqual({ items: [{ id: 'a' }, 5], single: false });
    expect(splitJson('{"events":[{}]}')).toEqual({ items: [{}], single: false });
  });

  it.each([
    ['', 'empty_body', undefined],
    [' \n', 'empty_body', undefined],
    ['{"id":', 'malformed_json', undefined],
    ['{"id": "a" // comment\n}', 'malformed_json', undefined],
    ['NaN', 'malformed_json', undefined],
    ['"text"', 'invalid_body', undefined],
    ['null', 'invalid_body', undefined],
    ['{"events":{}}', 'invalid_body', 'events'],
    ['{"events":null}', 'invalid_body', 'events'],
    ['{"events":[],"extra":1}', 'invalid_body', 'extra'],
    ['{"events":[],"__proto__":{}}', 'invalid_body', '__proto__'],
  ])('refuses %j as %s', (text, code, field) => {
    expect(refusalOf(text)).toEqual([400, code, field]);
  });

  it('reads lines one by one, so that a broken one costs only itself', () => {
    const { items } = splitLines('{"id":"a"}\r\n\n{bad\n{"id":"b"}');
    expect(items[0]).toEqual({ id: 'a' });
    expect(items[1]).toBeInstanceOf(UnreadableItem);
    expect(items[2]).toEqual({ id: 'b' });
    expect(items).toHaveLength(3);
  });
});
