import { hash, randomUUID } from 'node:crypto';
import type { Principal } from '#access';
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

/** Whose ids are made: the application of the token or, for a key of no application, the key itself. */
export type IdOwner = Pick<Principal, 'project' | 'keyId' | 'application' | 'soleSender'>;

/**
 * The id of an event that came without one. With an `Idempotency-Key` it follows from sender, key and the event's place in
 * the request, so that a repeated request names the same events; without, it is fresh. The sender is the application
 * where there is one: a repeat stays a repeat when its token was rotated, and no two senders ever share an id by accident.
 */
export function makeEventId(
  owner: IdOwner,
  idempotencyKey: string | undefined,
  index: number,
): string {
  if (idempotencyKey === undefined) return randomUUID();
  const text = `${owner.project}\0${senderPart(owner)}${idempotencyKey}\0${index}`;
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** Nothing for a sole sender: its ids were the project's alone, and a request begun before is repeated under the same ones. */
function senderPart({ keyId, application, soleSender }: IdOwner): string {
  if (soleSender) return '';
  return application === null ? `key\0${keyId}\0` : `application\0${application.id}\0`;
}
