import { hash, randomUUID } from 'node:crypto';
import type { Refusal } from './reading.js';

const VISIBLE = /^[\x20-\x7e]{1,256}$/;

/** The header as it may be; undefined when it was not sent. */
export function readIdempotencyKey(
  header: string | string[] | undefined,
): string | undefined | Refusal {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && VISIBLE.test(header)) return header;
  const detail = 'must be 1 to 256 visible characters';
  return {
    code: 'invalid_idempotency_key',
    message: `Idempotency-Key ${detail}`,
    field: 'Idempotency-Key',
    detail,
  };
}

/**
 * The id of an event that came without one. With an `Idempotency-Key` it follows from project, key and the event's
 * place in the request, so that a repeated request names the same events; without, it is fresh.
 */
export function makeEventId(
  project: string,
  idempotencyKey: string | undefined,
  index: number,
): string {
  if (idempotencyKey === undefined) return randomUUID();
  return hash('sha256', `${project}\0${idempotencyKey}\0${index}`, 'hex').slice(0, 32);
}
