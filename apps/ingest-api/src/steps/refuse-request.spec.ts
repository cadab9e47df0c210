import { expect, test } from '@jest/globals';
import {
  EMPTY_BODY,
  EVENT_TOO_LARGE,
  INVALID_UTF8,
  NO_EVENTS,
  refuseLimited,
  refuseTooLarge,
  refuseUnrecorded,
  TOO_MANY_EVENTS,
} from './refuse-request.js';

test.each([
  [EMPTY_BODY, 'empty_body', /body is empty/],
  [INVALID_UTF8, 'invalid_utf8', /not UTF-8/],
  [NO_EVENTS, 'no_events', /no event/],
  [TOO_MANY_EVENTS, 'too_many_events', /at most 1000 events/],
  [EVENT_TOO_LARGE, 'event_too_large', /at most 1 MiB/],
  [refuseLimited('requests', 7), 'rate_limited', /its requests for now.* in 7 s/],
  [refuseTooLarge(1_000), 'body_too_large', /more than 1000 bytes/],
  [refuseUnrecorded('overloaded'), 'overloaded', /too much.*same ids/],
  [refuseUnrecorded('unknown'), 'not_recorded', /not certain.*durable.*same ids/],
  [refuseUnrecorded('refused'), 'not_recorded', /not certain.*durable.*same ids/],
])(
  '%j is about the request as a whole, and says what to do or what is wrong',
  (refusal, code, says) => {
    expect(refusal).toEqual({ code, message: expect.stringMatching(says), field: null });
  },
);
