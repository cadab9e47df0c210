import { describe, expect, it } from '@jest/globals';
import { answerError } from './answer-error.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const refusal = { code: 'invalid_body', message: 'events must be a list', field: 'events' };

describe('the answer to a refusal', () => {
  it.each([
    ['body_too_large', 413],
    ['event_too_large', 413],
    ['too_many_events', 413],
    ['unsupported_encoding', 415],
    ['rate_limited', 429],
    ['invalid_body', 400],
    ['a code of tomorrow', 400],
  ])('for %s is a %i', (code, status) => {
    const answer = answerError({ ...refusal, code }, 'req_1');
    expect([answer.status, answer.headers]).toEqual([status, { 'content-type': JSON_TYPE }]);
  });

  it.each(['overloaded', 'not_recorded'])(
    'for %s is a 503 that says when to come again',
    (code) => {
      expect(answerError({ ...refusal, code }, 'req_1')).toMatchObject({
        status: 503,
        headers: { 'retry-after': '1', 'content-type': JSON_TYPE },
      });
    },
  );

  it('may have another status', () => {
    expect(answerError(refusal, 'req_1', 422).status).toBe(422);
  });

  it('names the field, with what is wrong with it alone where that is said', () => {
    const detailsOf = (change: object) =>
      JSON.parse(answerError({ ...refusal, ...change }, 'req_1').body) as unknown;
    const error = { code: 'invalid_body', message: 'events must be a list', request_id: 'req_1' };
    const { message } = refusal;
    expect(detailsOf({})).toEqual({ error: { ...error, details: [{ field: 'events', message }] } });
    expect(detailsOf({ detail: 'must be a list' })).toEqual({
      error: { ...error, details: [{ field: 'events', message: 'must be a list' }] },
    });
    expect(detailsOf({ field: null })).toEqual({ error: { ...error, details: [] } });
  });
});
