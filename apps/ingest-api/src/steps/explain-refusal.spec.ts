import { describe, expect, it } from '@jest/globals';
import { NATIVE_WIRE } from '../dialects/native/read-event.js';
import { knownFields } from '../dto/json-schemas.js';
import { explainRefusal } from './explain-refusal.js';

const KNOWN = knownFields(NATIVE_WIRE);
const explain = (json: string, known: typeof KNOWN | null = KNOWN) =>
  explainRefusal(NATIVE_WIRE.item, JSON.parse(json), known);
const LONG = 'x'.repeat(65);
const CUT = `${'x'.repeat(64)}…`;

describe('why an item is refused', () => {
  it.each([
    ['5', null, 'an event must be an object'],
    ['null', null, 'an event must be an object'],
    ['[{}]', null, 'an event must be an object'],
    ['{"zz":1}', 'zz', 'zz is not a known field'],
    [`{"${LONG}":1}`, CUT, `${CUT} is not a known field`],
    ['{"toString":1}', 'toString', 'toString is not a known field'],
    ['{"usage":{"total":1}}', 'usage.total', 'usage.total is not a known field'],
    [
      '{"properties":{"constructor":1}}',
      'properties.constructor',
      'properties.constructor is a reserved name',
    ],
    [
      '{"properties":{"prototype":1}}',
      'properties.prototype',
      'properties.prototype is a reserved name',
    ],
    [
      '{"properties":{"__proto__":1}}',
      'properties.__proto__',
      'properties.__proto__ is a reserved name',
    ],
    [
      '{"properties":{"a":1,"b":{"constructor":1}}}',
      'properties.b.constructor',
      'properties.b.constructor is a reserved name',
    ],
    [
      `{"properties":{"${LONG}":{"constructor":1}}}`,
      `properties.${CUT}.constructor`,
      `properties.${CUT}.constructor is a reserved name`,
    ],
    ['{"id":"e"}', null, 'the event is not valid'],
    ['{"usage":null,"id":"e"}', null, 'the event is not valid'],
  ])('%s: %s', (json, field, message) => {
    expect(explain(json)).toEqual({ code: 'invalid_event', message, field });
  });

  it.each([
    ['{"id":""}', 'id', /id/],
    ['{"usage":{"input_tokens":1.5}}', 'usage.input_tokens', /input_tokens must be an integer/],
    ['{"usage":{"input_tokens":"1"}}', 'usage.input_tokens', /input_tokens must be an integer/],
    ['{"usage":{"input_tokens":-1}}', 'usage.input_tokens', /input_tokens must not be less than 0/],
    ['{"latency_ms":"1"}', 'latency_ms', /latency_ms must be a number/],
    ['{"tags":"a"}', 'tags', /tags must be an array/],
    ['{"status":"fine"}', 'status', /status must be one of/],
  ])('%s is told in words, with the path of the field', (json, field, says) => {
    expect(explain(json)).toEqual({
      code: 'invalid_event',
      message: expect.stringMatching(says),
      field,
    });
  });

  it('is not that a field is unknown, in a dialect that lets any pass', () => {
    expect(explain('{"zz":1}', null)).toMatchObject({ field: null });
    expect(explain('{"zz":{"__proto__":1}}', null)).toMatchObject({ field: 'zz.__proto__' });
  });
});
