import { Body, Controller, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiConflictResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from '../access/caller.js';
import { found } from '../found.js';
import { EndpointConfirmationsService } from './endpoint-confirmations.service.js';
import { ConfirmEndpointDto, WebhookEndpointDto } from './webhook-endpoint.dto.js';
import { showEndpoint } from './webhook-endpoints.service.js';

const WHAT = 'webhook endpoint';

@ApiTags('webhook endpoints')
@ApiBearerAuth()
@Controller('v1/webhook-endpoints')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class EndpointConfirmationsController {
  constructor(private readonly confirmations: EndpointConfirmationsService) {}

  @Post(':id/confirm')
  @HttpCode(200)
  @ApiOkResponse({ type: WebhookEndpointDto })
  @ApiConflictResponse({ description: 'It is not the last code that was sent there.' })
  async confirm(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() { code }: ConfirmEndpointDto,
  ): Promise<WebhookEndpointDto> {
    const confirmed = await this.confirmations.confirm(projectOf(request), id, code);
    return showEndpoint(found(confirmed, WHAT));
  }

  @Post(':id/send-code')
  @HttpCode(202)
  @ApiAcceptedResponse({
    type: WebhookEndpointDto,
    description: 'Another code is on its way; the one before holds no more.',
  })
  async sendCode(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
  ): Promise<WebhookEndpointDto> {
    return showEndpoint(found(await this.confirmations.askAgain(projectOf(request), id), WHAT));
  }
}
