import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiKeyGuard, RequireScope } from '#access';
import { Project } from '../resource-routes.js';
import { UsedLimitsDto } from './limit.dto.js';
import { LimitsService } from './limits.service.js';

@ApiTags('limits')
@ApiBearerAuth()
@Controller('v1/limits')
@UseGuards(ApiKeyGuard)
@RequireScope('read')
export class LimitsController {
  constructor(private readonly limits: LimitsService) {}

  @Get()
  @ApiOkResponse({ type: UsedLimitsDto })
  read(@Project() project: string): Promise<UsedLimitsDto> {
    return this.limits.read(project);
  }
}
