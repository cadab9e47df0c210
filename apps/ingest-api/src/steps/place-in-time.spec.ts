import { expect, test } from '@jest/globals';
import { placeInTime } from './place-in-time.js';

const NOW_MS = Date.parse('2026-11-21T12:00:00.000Z');

test('an event is brought to UTC with milliseconds, and one without a time is left alone', () => {
  const event = { id: 'e', time: '2026-11-21T13:00:00+01:00' };
  expect(placeInTime(event, NOW_MS)).toEqual({
    event: { id: 'e', time: '2026-11-21T12:00:00.000Z' },
  });
  expect(placeInTime({ id: 'e' }, NOW_MS)).toEqual({ event: { id: 'e' } });
});

test.each([
  ['2026-02-30T00:00:00Z', 'invalid_event', 'time is on no calendar'],
  ['2026-10-17T11:59:59.999Z', 'too_old', 'time is more than 35 days ago'],
  ['2026-11-22T12:00:00.001Z', 'too_new', 'time is more than 24 h ahead'],
])('a time of %s is %s, told under the id of its event', (time, code, message) => {
  const refusal = { code, message, field: 'time' };
  expect(placeInTime({ id: 'e', time }, NOW_MS)).toEqual({ refusal, id: 'e' });
  expect(placeInTime({ time }, NOW_MS)).toEqual({ refusal, id: null });
});
