import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  UseGuards,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from '../access/caller.js';
import { found } from '../found.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { SendLimitGuard } from '../limits/send-limit.guard.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import { DeliveriesService } from './deliveries.service.js';
import {
  AcceptedDeliveryDto,
  AcceptedReplayDto,
  DeliveryDto,
  ReplayDto,
  SendTestDto,
} from './delivery.dto.js';

const ENDPOINT = 'webhook endpoint';

@ApiTags('webhook endpoints')
@ApiBearerAuth()
@Controller('v1/webhook-endpoints')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get(':id/deliveries')
  @ApiPageOf(DeliveryDto)
  async list(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() query: ListQueryDto,
  ) {
    return found(await this.deliveries.list(projectOf(request), id, query), ENDPOINT);
  }

  @Post(':id/test')
  @HttpCode(202)
  @UseGuards(SendLimitGuard)
  @ApiAcceptedResponse({ type: AcceptedDeliveryDto })
  async sendTest(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: SendTestDto,
  ): Promise<AcceptedDeliveryDto> {
    const sent = await this.deliveries.sendTest(projectOf(request), id, body.type);
    return { delivery: found(sent, ENDPOINT) };
  }

  @Post(':id/replay')
  @HttpCode(202)
  @UseGuards(SendLimitGuard)
  @ApiAcceptedResponse({ type: AcceptedReplayDto })
  async replay(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: ReplayDto,
  ): Promise<AcceptedReplayDto> {
    const count = await this.deliveries.replay(projectOf(request), id, body);
    return { deliveries: found(count, ENDPOINT) };
  }

  @Post('deliveries/:delivery/resend')
  @HttpCode(202)
  @UseGuards(SendLimitGuard)
  @ApiAcceptedResponse({ type: AcceptedDeliveryDto })
  async resend(
    @Req() request: FastifyRequest,
    @Param('delivery') delivery: string,
  ): Promise<AcceptedDeliveryDto> {
    const sent = await this.deliveries.resend(projectOf(request), delivery);
    return { delivery: found(sent, 'delivery') };
  }
}
