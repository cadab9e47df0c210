import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from '../access/caller.js';
import { found } from '../found.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import {
  ChangeWebhookEndpointDto,
  CreatedWebhookEndpointDto,
  CreateWebhookEndpointDto,
  WebhookEndpointDto,
} from './webhook-endpoint.dto.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';

const WHAT = 'webhook endpoint';

@ApiTags('webhook endpoints')
@ApiBearerAuth()
@Controller('v1/webhook-endpoints')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class WebhookEndpointsController {
  constructor(
    private readonly endpoints: WebhookEndpointsService,
    private readonly creation: CreationService,
  ) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: CreatedWebhookEndpointDto })
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateWebhookEndpointDto,
  ) {
    return this.creation.once(request, reply, (postgres) =>
      this.endpoints.create(postgres, projectOf(request), body),
    );
  }

  @Get()
  @ApiPageOf(WebhookEndpointDto)
  list(@Req() request: FastifyRequest, @Query() query: ListQueryDto) {
    return this.endpoints.list(projectOf(request), query);
  }

  @Get(':id')
  @ApiOkResponse({ type: WebhookEndpointDto })
  async find(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.endpoints.find(projectOf(request), id), WHAT);
  }

  @Patch(':id')
  @ApiOkResponse({ type: WebhookEndpointDto })
  async change(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: ChangeWebhookEndpointDto,
  ) {
    return found(await this.endpoints.change(projectOf(request), id, body), WHAT);
  }

  @Delete(':id')
  @ApiOkResponse({ type: WebhookEndpointDto })
  async delete(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.endpoints.delete(projectOf(request), id), WHAT);
  }

  @Post(':id/rotate-secret')
  @HttpCode(201)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({
    type: CreatedWebhookEndpointDto,
    description: 'The secret before signs beside the new one for 24 h.',
  })
  rotateSecret(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      found(await this.endpoints.rotateSecret(postgres, projectOf(request), id), WHAT),
    );
  }
}
