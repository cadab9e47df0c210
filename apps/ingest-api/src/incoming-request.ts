import type { FastifyRequest } from 'fastify';
import { type Principal, principalOf } from '#access';

/** A request as every dialect's route hands it to the pipeline. */
export interface IncomingRequest {
  id: string;
  principal: Principal;
  /** Undefined when none came. */
  body: Buffer | undefined;
  contentType: 'json' | 'lines';
  contentEncoding: string | undefined;
  idempotencyKey: string | string[] | undefined;
}

/** Only behind `ApiKeyGuard`. */
export function incomingRequest(request: FastifyRequest): IncomingRequest {
  const { id, body, headers } = request;
  return {
    id,
    principal: principalOf(request),
    body: Buffer.isBuffer(body) ? body : undefined,
    contentType: headers['content-type']?.startsWith('application/x-ndjson') ? 'lines' : 'json',
    contentEncoding: headers['content-encoding'],
    idempotencyKey: headers['idempotency-key'],
  };
}
