import type { RecordOutcome } from '#recording';
import type { Refusal } from './reading.js';

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
