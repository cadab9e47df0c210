import type { UseKind } from '#limits';
import type { RecordOutcome } from '#recording';
import type { Refusal } from './reading.js';

export const ITEMS_MAX = 1_000;

export const EMPTY_BODY: Refusal = {
  code: 'empty_body',
  message: 'the body is empty',
  field: null,
};

export const INVALID_UTF8: Refusal = {
  code: 'invalid_utf8',
  message: 'the body is not UTF-8',
  field: null,
};

export const NO_EVENTS: Refusal = {
  code: 'no_events',
  message: 'there is no event in the body',
  field: null,
};

export const TOO_MANY_EVENTS: Refusal = {
  code: 'too_many_events',
  message: `send at most ${ITEMS_MAX} events at once`,
  field: null,
};

export const EVENT_TOO_LARGE: Refusal = {
  code: 'event_too_large',
  message: 'an event may have at most 1 MiB',
  field: null,
};

/** What is used up until its window ends; or the pace of a project that keeps others waiting. */
export function refuseLimited(kind: UseKind | 'pace', secondsLeft: number): Refusal {
  const reason =
    kind === 'pace'
      ? 'this project sends more than can be stored in time beside the usage of others'
      : `this project or key has used up its ${kind} for now`;
  return {
    code: 'rate_limited',
    message: `${reason}: send it again in ${secondsLeft} s`,
    field: null,
  };
}

export function refuseTooLarge(bytesMax: number): Refusal {
  return {
    code: 'body_too_large',
    message: `the body has more than ${bytesMax} bytes`,
    field: null,
  };
}

/** What is said of events that are not certain to be durable. */
export function refuseUnrecorded(outcome: Exclude<RecordOutcome, 'acknowledged'>): Refusal {
  if (outcome === 'overloaded')
    return {
      code: 'overloaded',
      message: 'too much is waiting already: send it again, with the same ids',
      field: null,
    };
  return {
    code: 'not_recorded',
    message: 'it is not certain that this is durable: send it again, with the same ids',
    field: null,
  };
}
