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
import { ApiKeyGuard, RequireScope } from '#access';
import { closeIfUnread } from '#http';
import { EVENTS_DIALECTS } from './dialects/events-path.js';
import { incomingRequest } from './incoming-request.js';
import { IngestApiPipeline } from './ingest-api.pipeline.js';
import { errorSchema, eventsBodyExamples, eventsBodySchema, resultsSchema } from './openapi.js';

/** The one path that several dialects are spoken on: see `dialects/events-path.ts`. */
@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/events')
@UseGuards(ApiKeyGuard)
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
    const { status, headers, body } = await this.pipeline.take(
      incomingRequest(request, reply),
      EVENTS_DIALECTS,
    );
    closeIfUnread(request, reply);
    void reply.code(status).headers(headers).send(body);
  }
}
