import { describe, expect, it } from '@jest/globals';
import { isRefusal } from './reading.js';
import { splitJson, splitLines, UnreadableItem } from './split-items.js';

function refusalOf(text: string): unknown {
  const body = splitJson(text);
  return isRefusal(body) ? [body.code, body.field] : null;
}

describe('splitting a body', () => {
  it('takes one object, a list, or a list under "events"', () => {
    expect(splitJson('{"id":"a"}')).toEqual({ items: [{ id: 'a' }], single: true });
    expect(splitJson('[{"id":"a"},5]')).toEqual({ items: [{ id: 'a' }, 5], single: false });
    expect(splitJson('{"events":[{}]}')).toEqual({ items: [{}], single: false });
  });

  it.each([
    ['', 'empty_body', null],
    [' \n', 'empty_body', null],
    ['{"id":', 'malformed_json', null],
    ['{"id": "a" // comment\n}', 'malformed_json', null],
    ['NaN', 'malformed_json', null],
    ['"text"', 'invalid_body', null],
    ['null', 'invalid_body', null],
    ['{"events":{}}', 'invalid_body', 'events'],
    ['{"events":null}', 'invalid_body', 'events'],
    ['{"events":[],"extra":1}', 'invalid_body', 'extra'],
    ['{"events":[],"__proto__":{}}', 'invalid_body', '__proto__'],
  ])('refuses %j as %s', (text, code, field) => {
    expect(refusalOf(text)).toEqual([code, field]);
  });

  it('reads lines one by one, so that a broken one costs only itself', () => {
    const { items } = splitLines('{"id":"a"}\r\n\n{bad\n{"id":"b"}');
    expect(items[0]).toEqual({ id: 'a' });
    expect(items[1]).toBeInstanceOf(UnreadableItem);
    expect(items[2]).toEqual({ id: 'b' });
    expect(items).toHaveLength(3);
  });
});
