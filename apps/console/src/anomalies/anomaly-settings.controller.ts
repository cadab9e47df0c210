import { Body, Controller, Get, Patch, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from '../access/caller.js';
import { AnomalySettingsDto, ChangeAnomalySettingsDto } from './anomaly-settings.dto.js';
import { AnomalySettingsService } from './anomaly-settings.service.js';

@ApiTags('anomalies')
@ApiBearerAuth()
@Controller('v1/anomaly-settings')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class AnomalySettingsController {
  constructor(private readonly settings: AnomalySettingsService) {}

  @RequireScope('read')
  @Get()
  @ApiOkResponse({ type: AnomalySettingsDto })
  read(@Req() request: FastifyRequest): Promise<AnomalySettingsDto> {
    return this.settings.read(projectOf(request));
  }

  @Patch()
  @ApiOkResponse({ type: AnomalySettingsDto })
  change(
    @Req() request: FastifyRequest,
    @Body() body: ChangeAnomalySettingsDto,
  ): Promise<AnomalySettingsDto> {
    return this.settings.change(projectOf(request), body);
  }
}
