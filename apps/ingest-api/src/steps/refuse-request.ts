import type { RecordOutcome } from '#recording';
import type { Refusal } from './reading.js';

const ITEMS_MAX = 1_000;

export const EMPTY_BODY: Refusal = {
  code: 'empty_body',
  message: 'the body is empty',
  field: null,
};

/** Null for as many items as one request may have. */
export function refuseCount(items: number): Refusal | null {
  if (items === 0)
    return { code: 'no_events', message: 'there is no event in the body', field: null };
  if (items <= ITEMS_MAX) return null;
  return {
    code: 'too_many_events',
    message: `send at most ${ITEMS_MAX} events at once`,
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
