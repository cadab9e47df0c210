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
