import { describe, expect, it } from '@jest/globals';
import { EARLIER_FAILURE_MS, judgeFailure } from './judge-failure.js';

const failingSince = new Date('2026-11-01T00:00:00.000Z');

describe('judgeFailure', () => {
  it.each([
    ['at once, whatever the receiver said', 500, '2026-11-01T00:00:00.000Z', 'keep'],
    ['a millisecond before five days', 500, '2026-11-05T23:59:59.999Z', 'keep'],
    ['five days to the millisecond', 500, '2026-11-06T00:00:00.000Z', 'if-failed-before'],
    ['without an answer, after five days', null, '2026-11-06T00:00:00.001Z', 'if-failed-before'],
    ['410, at once', 410, '2026-11-01T00:00:00.000Z', 'gone'],
  ])('%s', (_when, status, at, judgement) => {
    expect(judgeFailure(status, { failingSince, at: new Date(at) })).toBe(judgement);
  });

  it('takes a failure between a day and half a day earlier for an earlier one', () => {
    expect(EARLIER_FAILURE_MS).toEqual({ from: 86_400_000, to: 43_200_000 });
  });
});
