import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bearerToken } from '#access';
import { canonicalJson } from '#contracts';
import { ApiError } from '#http';
import type { Postgres } from '#postgres';
import { IdempotentAnswers } from '#postgres/writes';
import { callerId } from '../access/caller.js';
import { Engines } from '../engines/engines.js';
import { openAnswer, sealAnswer } from './sealed-answer.js';

const CREATED = 201;
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

/**
 * Runs creating calls. With an `Idempotency-Key`, the object and the answer are written in one transaction, so the same
 * request is answered the same again for 24 h, whatever was lost on the way. The key is remembered by API key.
 */
@Injectable()
export class CreationService {
  constructor(private readonly engines: Engines) {}

  /**
   * The created object as `create` makes it, or the answer of the first such request.
   * @throws ApiError 409 when the key came with another request before, or its first request is still under way.
   */
  async once<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    create: (postgres: Postgres) => Promise<T>,
  ): Promise<T> {
    const key = idempotencyKeyOf(request);
    if (key === undefined) return this.engines.postgres(create);
    return this.engines.postgres((postgres) =>
      postgres
        .transaction()
        .execute((transaction) => claimed(transaction, request, reply, key, create)),
    );
  }
}

async function claimed<T>(
  transaction: Postgres,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  create: (postgres: Postgres) => Promise<T>,
): Promise<T> {
  const answers = new IdempotentAnswers(transaction);
  const caller = callerId(request);
  const requestHash = hashOf(request);
  // The guard let the request in by this key.
  const apiKey = bearerToken(request.headers.authorization) ?? '';
  if (!(await answers.claim(caller, key)))
    throw new ApiError(
      409,
      'request_in_flight',
      'the first request with this Idempotency-Key is still under way',
    );
  const saved = await answers.find(caller, key);
  if (saved === undefined) {
    const created = await create(transaction);
    const sealedBody = sealAnswer(JSON.stringify(created), apiKey);
    await answers.save(caller, key, { requestHash, status: CREATED, sealedBody });
    return created;
  }
  if (saved.requestHash !== requestHash)
    throw new ApiError(
      409,
      'idempotency_key_reused',
      'this Idempotency-Key came with another request before',
    );
  void reply.code(saved.status).header('idempotent-replayed', 'true');
  return JSON.parse(openAnswer(saved.sealedBody, apiKey)) as T;
}

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  const message = 'must be 1 to 255 printable ASCII characters';
  throw new ApiError(400, 'invalid_request', `Idempotency-Key ${message}`, [
    { field: 'Idempotency-Key', message },
  ]);
}

function hashOf({ method, url, body }: FastifyRequest): string {
  return hash('sha256', canonicalJson([method, url, body ?? null]), 'hex');
}
