import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Principal, principalOf } from '#access';
import { type HeldBodies, readBody, type Unread } from '#http';

/** A request as every dialect's route hands it to the pipeline. */
export interface IncomingRequest {
  id: string;
  principal: Principal;
  /** Reads the body from the wire; undefined when none came. */
  readBody: (bytesMax: number, held: HeldBodies) => Promise<Buffer | undefined | Unread>;
  contentType: 'json' | 'lines';
  contentEncoding: string | undefined;
  idempotencyKey: string | string[] | undefined;
}

/** Only behind `ApiKeyGuard`. */
export function incomingRequest(request: FastifyRequest, reply: FastifyReply): IncomingRequest {
  const { id, headers } = request;
  return {
    id,
    principal: principalOf(request),
    readBody: (bytesMax, held) => readBody(request, reply, { bytesMax, held }),
    contentType: headers['content-type']?.startsWith('application/x-ndjson') ? 'lines' : 'json',
    contentEncoding: headers['content-encoding'],
    idempotencyKey: headers['idempotency-key'],
  };
}
