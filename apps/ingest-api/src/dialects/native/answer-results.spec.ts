import { describe, expect, it } from '@jest/globals';
import { RequestOutcomes } from '../../steps/request-outcomes.js';
import { answerResults } from './answer-results.js';

const INVALID = { code: 'invalid_event', message: 'zz is not a known field', field: 'zz' };

describe('the answer of the native API', () => {
  it('has a result for every item, in order', () => {
    const outcomes = new RequestOutcomes('p');
    outcomes.take('a', undefined, '{"id":"a"}');
    outcomes.refuse(null, INVALID);
    outcomes.take('a', undefined, '{"id":"a"}');
    outcomes.take('a', undefined, '{"id":"a","model":"m"}');
    const { status, body } = answerResults(outcomes, 'req_1', false);
    expect(status).toBe(202);
    expect(JSON.parse(body)).toEqual({
      accepted: 1,
      duplicate: 1,
      refused: 2,
      results: [
        { index: 0, id: 'a', status: 'accepted' },
        { index: 1, id: null, status: 'refused', error: INVALID },
        { index: 2, id: 'a', status: 'duplicate' },
        {
          index: 3,
          id: 'a',
          status: 'refused',
          error: {
            code: 'conflict',
            message: 'the same id stands earlier in this request with other content',
            field: 'id',
          },
        },
      ],
    });
  });

  it('is a 400 where nothing was accepted and something refused, with the first 20 problems and where they lie', () => {
    const outcomes = new RequestOutcomes('p');
    for (let n = 0; n < 25; n += 1) outcomes.refuse(`e${n}`, INVALID);
    const { status, body } = answerResults(outcomes, 'req_1', false);
    const { error, results } = JSON.parse(body) as {
      error: { code: string; message: string; details: object[] };
      results: object[];
    };
    expect([status, error.code, results.length, error.details.length]).toEqual([
      400,
      'invalid_event',
      25,
      20,
    ]);
    expect(error.message).toBe(
      'none of the 25 events was accepted; the first: zz is not a known field',
    );
    expect(error.details[1]).toEqual({ field: 'events[1].zz', message: 'zz is not a known field' });
  });
});
