import type { Refusal } from './reading.js';

const ITEMS_MAX = 1_000;

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
