import { describe, expect, it } from '@jest/globals';
import { placeInTime } from '../../steps/place-in-time.js';
import type { Reading } from '../../steps/reading.js';
import { readEvent } from './read-event.js';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const read = (json: string): Reading => {
  const reading = readEvent(JSON.parse(json));
  return reading.event ? placeInTime(reading.event, NOW) : reading;
};
const refusalOf = (json: string) => {
  const { refusal } = read(json);
  return refusal && [refusal.code, refusal.field];
};

describe('reading an event', () => {
  it('keeps what the caller sent, without defaults, nulls left out and the time in UTC', () => {
    const sent =
      '{"id":"e","user":null,"time":"2026-11-20T01:00:00.1234+01:00","usage":{"input_tokens":1,"output_tokens":null},"properties":{"a":null,"b":2}}';
    expect(read(sent)).toEqual({
      event: {
        id: 'e',
        time: '2026-11-20T00:00:00.123Z',
        usage: { input_tokens: 1 },
        properties: { b: 2 },
      },
    });
  });

  it.each([
    ['5', 'invalid_event', null],
    ['[]', 'invalid_event', null],
    ['null', 'invalid_event', null],
    ['{"zz":1}', 'invalid_event', 'zz'],
    ['{"__proto__":{"id":"e"}}', 'invalid_event', '__proto__'],
    ['{"constructor":1}', 'invalid_event', 'constructor'],
    ['{"usage":{"input_tokens":-1}}', 'invalid_event', 'usage.input_tokens'],
    ['{"usage":{"input_tokens":1.5}}', 'invalid_event', 'usage.input_tokens'],
    ['{"usage":{"input_tokens":"1"}}', 'invalid_event', 'usage.input_tokens'],
    ['{"usage":{"input_tokens":9007199254740993}}', 'invalid_event', 'usage.input_tokens'],
    ['{"usage":{"input_tokens":1e400}}', 'invalid_event', 'usage.input_tokens'],
    ['{"usage":{"total":1}}', 'invalid_event', 'usage.total'],
    ['{"usage":{"__proto__":1}}', 'invalid_event', 'usage.__proto__'],
    ['{"usage":[1]}', 'invalid_event', 'usage'],
    ['{"id":""}', 'invalid_event', 'id'],
    ['{"id":7}', 'invalid_event', 'id'],
    ['{"id":"a\\u0000b"}', 'invalid_event', 'id'],
    ['{"customer":"\\ud800"}', 'invalid_event', 'customer'],
    ['{"tags":["a",null]}', 'invalid_event', 'tags'],
    ['{"tags":"a"}', 'invalid_event', 'tags'],
    ['{"properties":{"__proto__":1}}', 'invalid_event', 'properties.__proto__'],
    ['{"properties":{"constructor":1}}', 'invalid_event', 'properties.constructor'],
    ['{"properties":{"a":[1]}}', 'invalid_event', 'properties'],
    ['{"properties":{"a":1e300}}', 'invalid_event', 'properties'],
    ['{"status":"fine"}', 'invalid_event', 'status'],
    ['{"provider_cost":1.5}', 'invalid_event', 'provider_cost'],
    ['{"provider_cost":"1e3"}', 'invalid_event', 'provider_cost'],
    ['{"time":"2026-02-30T00:00:00Z"}', 'invalid_event', 'time'],
    ['{"time":1700000000}', 'invalid_event', 'time'],
    ['{"time":"2026-10-01T00:00:00Z"}', 'too_old', 'time'],
    ['{"time":"2026-11-23T00:00:00Z"}', 'too_new', 'time'],
  ])('refuses %s as %s at %s', (json, code, field) => {
    expect(refusalOf(json)).toEqual([code, field]);
  });
});
