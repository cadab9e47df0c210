import { Body, Controller, Get, Param, Patch, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#access';
import { AdminKeyGuard, AdminOnly } from '../access/admin-key.guard.js';
import { found } from '../found.js';
import { ProjectLimitsDto } from './project-limits.dto.js';
import { ProjectLimitsService } from './project-limits.service.js';

/** The limits that the owner of the installation sets for a project; null: the default. */
@ApiTags('projects')
@ApiBearerAuth()
@Controller('v1/projects/:id/limits')
@UseGuards(AdminKeyGuard)
@AdminOnly()
@RequireScope('manage')
export class ProjectLimitsController {
  constructor(private readonly limits: ProjectLimitsService) {}

  @Get()
  @ApiOkResponse({ type: ProjectLimitsDto })
  async find(@Param('id') id: string) {
    return found(await this.limits.find(id), 'project');
  }

  @Patch()
  @ApiOkResponse({ type: ProjectLimitsDto })
  async change(@Param('id') id: string, @Body() body: ProjectLimitsDto) {
    return found(await this.limits.change(id, body), 'project');
  }
}
