import { hash, randomUUID } from 'node:crypto';

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
