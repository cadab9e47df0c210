import { Controller, Get, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from '../access/caller.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { AnomaliesService } from './anomalies.service.js';
import { AnomalyDto, ListAnomaliesQueryDto } from './anomaly.dto.js';

@ApiTags('anomalies')
@ApiBearerAuth()
@Controller('v1/anomalies')
@UseGuards(ApiKeyGuard)
@RequireScope('read')
export class AnomaliesController {
  constructor(private readonly anomalies: AnomaliesService) {}

  @Get()
  @ApiPageOf(AnomalyDto)
  list(@Req() request: FastifyRequest, @Query() query: ListAnomaliesQueryDto) {
    return this.anomalies.list(projectOf(request), query);
  }
}
