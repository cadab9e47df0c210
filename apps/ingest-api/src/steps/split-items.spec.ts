import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LoopSlices } from '../loop-slices.js';
import { parseItems } from '../parse-items.js';
import { UnreadableItem } from './item-text.js';
import { isRefusal } from './reading.js';

const read = (text: string, contentType: 'json' | 'lines' = 'json') =>
  parseItems(Buffer.from(text), contentType, new LoopSlices(false));

/** Whole texts by JSON.parse, as an oracle for reading them in parts. */
function parsedWhole(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('splitting a body', () => {
  it('takes one object, a list, or a list under "events"', async () => {
    expect(await read('{"id":"a"}')).toEqual({ items: [{ id: 'a' }], single: true });
    expect(await read('[{"id":"a"},5]')).toEqual({ items: [{ id: 'a' }, 5], single: false });
    expect(await read('{"events":[{}]}')).toEqual({ items: [{}], single: false });
    expect(await read(' {\n"events" :\t[ {} ]\r} ')).toEqual({ items: [{}], single: false });
    expect(await read('{"\\u0065vents":[1]}')).toEqual({ items: [1], single: false });
  });

  it.each([
    ['', 'empty_body', null],
    [' \n', 'empty_body', null],
    ['{"id":', 'malformed_json', null],
    ['{"id": "a" // comment\n}', 'malformed_json', null],
    ['NaN', 'malformed_json', null],
    ['"text"', 'invalid_body', null],
    ['null', 'invalid_body', null],
    ['[]', 'no_events', null],
    ['[ ]', 'no_events', null],
    ['{"events":[]}', 'no_events', null],
    ['[1,]', 'malformed_json', null],
    ['[,1]', 'malformed_json', null],
    ['[1 2]', 'malformed_json', null],
    ['[1]]', 'malformed_json', null],
    ['[1}', 'malformed_json', null],
    ['[{"a":1]', 'malformed_json', null],
    ['[1],5', 'malformed_json', null],
    ['\u0001[1]', 'malformed_json', null],
    ['{"events":[1]},5', 'malformed_json', null],
    ['{"events":[1],}', 'malformed_json', null],
    ['{"events":[1}]', 'malformed_json', null],
    ['{"events":{}}', 'invalid_body', 'events'],
    ['{"events":null}', 'invalid_body', 'events'],
    ['{"events":[],"extra":1}', 'invalid_body', 'extra'],
    ['{"events":[],"__proto__":{}}', 'invalid_body', '__proto__'],
  ])('refuses %j as %s', async (text, code, field) => {
    const body = await read(text);
    expect(isRefusal(body) ? [body.code, body.field] : body).toEqual([code, field]);
  });

  it('reads lines one by one, so that a broken one costs only itself', async () => {
    const body = await read('{"id":"a"}\r\n\n{bad\n{"id":"b"},\n{"id":"c"}', 'lines');
    if (isRefusal(body)) throw new Error(body.message);
    const { items } = body;
    expect(items[0]).toEqual({ id: 'a' });
    expect(items[1]).toBeInstanceOf(UnreadableItem);
    expect(items[2]).toBeInstanceOf(UnreadableItem);
    expect(items[3]).toEqual({ id: 'c' });
    expect(items).toHaveLength(4);
  });

  it.each([
    ['json', `[${'{},'.repeat(1_000)}{}]`],
    ['json', `{"events":[${'{},'.repeat(1_000)}{}]}`],
    ['lines', 'x\n'.repeat(1_001)],
  ] as const)('stops at the 1,001st item of %s', async (contentType, text) => {
    expect(await read(text, contentType)).toMatchObject({ code: 'too_many_events' });
  });

  it.each([
    ['json', `[${'{},'.repeat(999)}{}]`],
    ['lines', '{}\n'.repeat(1_000)],
  ] as const)('takes a thousand items of %s', async (contentType, text) => {
    const body = await read(text, contentType);
    expect(isRefusal(body) ? body : body.items.length).toBe(1_000);
  });

  const MEBIBYTE = 1_048_576;
  const textOf = (length: number) => `"${'x'.repeat(length - 2)}"`;
  const objectOf = (length: number) => `{"a":${textOf(length - 6)}}`;
  it.each([
    ['a list', (length: number) => `[${textOf(length)}]`, 'json'],
    ['lines', (length: number) => `1\n${textOf(length)}\n`, 'lines'],
    ['lines that are no JSON', (length: number) => `1\n2${' '.repeat(length - 2)}3`, 'lines'],
    ['one object', objectOf, 'json'],
    ['one object with space around', (length: number) => ` ${objectOf(length)}\n`, 'json'],
  ] as const)(
    'takes an item of a mebibyte of %s, and no byte more',
    async (_, bodyOf, contentType) => {
      expect(isRefusal(await read(bodyOf(MEBIBYTE), contentType))).toBe(false);
      expect(await read(bodyOf(MEBIBYTE + 1), contentType)).toMatchObject({
        code: 'event_too_large',
      });
    },
  );

  it.each([
    ['"text"', 'the body must be an event, a list, or {"events": [...]}', undefined],
    ['{"events":{}}', 'events must be a list', 'must be a list'],
    [
      '{"events":[],"extra":1}',
      'extra is not known beside "events"',
      'is not known beside "events"',
    ],
    ['[1]]', 'the body is not JSON: its list does not end where it does', undefined],
  ])('says of %s what is wrong', async (text, message, detail) => {
    expect(await read(text)).toMatchObject({ message, ...(detail && { detail }) });
  });

  it('has no event in lines of space alone', async () => {
    expect(await read(' \n\t\r\n', 'lines')).toMatchObject({ code: 'no_events' });
  });

  it('does not parse an item beyond the bounds of entries and depth, and reads its neighbours', async () => {
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 257 }, (_, n) => [n, n])));
    const deep = `${'['.repeat(9)}${']'.repeat(9)}`;
    for (const [text, contentType] of [
      [`[1,${wide},${deep},2]`, 'json'],
      [`1\n${wide}\n${deep}\n2`, 'lines'],
    ] as const) {
      expect(await read(text, contentType)).toMatchObject({
        items: [1, { code: 'too_many_entries' }, { code: 'too_deep' }, 2],
      });
    }
    expect(await read(wide)).toMatchObject({ items: [{ code: 'too_many_entries' }], single: true });
  });

  it('takes for JSON what JSON.parse takes, and makes the same of it', async () => {
    const token = fc.constantFrom('[', ']', '{', '}', ',', ':', '"a"', '"events"', '1', ' ', '"]"');
    const texts = fc.oneof(
      fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
      fc.json({ maxDepth: 4 }).map((text) => `[${text}]`),
      fc.json({ maxDepth: 4 }).map((text) => `{"events":[${text},0]}`),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const body = await read(text);
        const whole = parsedWhole(text);
        if (whole === undefined) {
          expect(body).toMatchObject({
            code: text.trim() === '' ? 'empty_body' : 'malformed_json',
          });
        } else if (!isRefusal(body)) {
          const events = (whole as { events?: unknown }).events ?? whole;
          expect(body.items).toEqual(Array.isArray(events) ? events : [whole]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
