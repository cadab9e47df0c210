import { expect, test } from '@jest/globals';
import { RequestOutcomes } from './request-outcomes.js';

test('every item has its outcome in order, and only what is new is gathered', () => {
  const outcomes = new RequestOutcomes('p1');
  const error = { code: 'invalid_event', message: 'wrong', field: null };
  outcomes.take('a', undefined, '{"id":"a"}');
  outcomes.take('a', undefined, '{"id":"a"}');
  outcomes.take('a', undefined, '{"id":"a","model":"m"}');
  outcomes.refuse(null, error);
  outcomes.take('a', 'other', '{"id":"a","source":"other"}');

  expect(outcomes.items).toEqual([
    { status: 'accepted', id: 'a' },
    { status: 'duplicate', id: 'a' },
    {
      status: 'refused',
      id: 'a',
      error: {
        code: 'conflict',
        message: expect.stringMatching(/same id.*other content/),
        field: 'id',
      },
    },
    { status: 'refused', id: null, error },
    { status: 'accepted', id: 'a' },
  ]);
  const { accepted, duplicate, refused, gatherer } = outcomes;
  expect({ accepted, duplicate, refused }).toEqual({ accepted: 2, duplicate: 1, refused: 2 });
  expect(gatherer.pieces.reduce((sum, { events }) => sum + events, 0)).toBe(2);
});
