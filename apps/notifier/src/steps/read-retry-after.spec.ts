import { expect, test } from '@jest/globals';
import { readRetryAfter } from './read-retry-after.js';

const NOW_MS = Date.parse('2026-11-14T09:26:53Z');

test.each([
  ['120', 120_000],
  [' 7 ', 7_000],
  ['0', 0],
  ['999999999', 999_999_999_000],
  ['Sat, 14 Nov 2026 09:27:53 GMT', 60_000],
  ['Sat, 14 Nov 2026 09:26:53 GMT', 0],
  // A time that is over asks for no wait.
  ['Sat, 14 Nov 2026 09:25:53 GMT', 0],
])('a receiver that answers Retry-After: %s asks for a wait of %i ms', (header, waitMs) => {
  expect(readRetryAfter(header, NOW_MS)).toBe(waitMs);
});

test.each([null, '', '-5', '5 s', 'in 5', '1.5', '1234567890', 'soon GMT', '2026-11-14T09:27:53Z'])(
  'one that answers %j asks for nothing',
  (header) => expect(readRetryAfter(header, NOW_MS)).toBeNull(),
);
