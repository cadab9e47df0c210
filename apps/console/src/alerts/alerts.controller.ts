import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
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
import { AlertDto, ListAlertsQueryDto } from './alert.dto.js';
import { AlertsService, showAlert } from './alerts.service.js';
import { MuteAlertDto, MuteDto } from './mute.dto.js';
import { MutesService } from './mutes.service.js';

const WHAT = 'alert';

@ApiTags('alerts')
@ApiBearerAuth()
@Controller('v1/alerts')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class AlertsController {
  constructor(
    private readonly alerts: AlertsService,
    private readonly mutes: MutesService,
    private readonly creation: CreationService,
  ) {}

  @RequireScope('read')
  @Get()
  @ApiPageOf(AlertDto)
  list(@Req() request: FastifyRequest, @Query() query: ListAlertsQueryDto) {
    return this.alerts.list(projectOf(request), query);
  }

  @RequireScope('read')
  @Get(':id')
  @ApiOkResponse({ type: AlertDto })
  async find(@Req() request: FastifyRequest, @Param('id') id: string) {
    return showAlert(found(await this.alerts.find(projectOf(request), id), WHAT));
  }

  @Post(':id/acknowledge')
  @HttpCode(200)
  @ApiOkResponse({ type: AlertDto })
  async acknowledge(@Req() request: FastifyRequest, @Param('id') id: string) {
    return showAlert(found(await this.alerts.acknowledge(projectOf(request), id), WHAT));
  }

  @Post(':id/mute')
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: MuteDto, description: 'Of the counter that the alert is about.' })
  mute(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() { until }: MuteAlertDto,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      found(await this.mutes.muteAlert(postgres, projectOf(request), id, until), WHAT),
    );
  }
}
