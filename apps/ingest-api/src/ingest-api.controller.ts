import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeyGuard, principalOf, RequireScope } from '#access';
import { ApiError } from '#http';
import { IngestApiPipeline } from './ingest-api.pipeline.js';
import { MoesifDoorGuard } from './moesif-door.guard.js';
import { errorSchema, eventsBodyExamples, eventsBodySchema, resultsSchema } from './openapi.js';

const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,256}$/;

@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/events')
@UseGuards(MoesifDoorGuard, ApiKeyGuard)
export class IngestApiController {
  constructor(private readonly pipeline: IngestApiPipeline) {}

  @Post()
  @RequireScope('ingest')
  @ApiOperation({ summary: 'Record usage events' })
  @ApiConsumes('application/json', 'application/x-ndjson')
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiBody({ schema: eventsBodySchema, examples: eventsBodyExamples })
  @ApiResponse({
    status: 202,
    description: 'Durable, with a result for every item',
    schema: resultsSchema,
  })
  @ApiResponse({ status: '4XX', description: 'Refused', schema: errorSchema })
  @ApiResponse({
    status: 503,
    description: 'Not certain to be durable: repeat it',
    schema: errorSchema,
  })
  async record(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.pipeline.take({
      id: request.id,
      principal: principalOf(request),
      body: bodyOf(request),
      contentType: isLines(request) ? 'lines' : 'json',
      contentEncoding: request.headers['content-encoding'],
      idempotencyKey: idempotencyKeyOf(request),
    });
    void reply
      .code(answer.status)
      .header('content-type', 'application/json; charset=utf-8')
      .send(answer.body);
  }
}

function bodyOf({ body }: FastifyRequest): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw new ApiError(400, 'empty_body', 'the body is empty');
}

function isLines(request: FastifyRequest): boolean {
  return request.headers['content-type']?.startsWith('application/x-ndjson') ?? false;
}

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  const message = 'must be 1 to 256 visible characters';
  throw new ApiError(400, 'invalid_idempotency_key', `Idempotency-Key ${message}`, [
    { field: 'Idempotency-Key', message },
  ]);
}
