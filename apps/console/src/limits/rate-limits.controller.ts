import { Body, Controller, Get, Param, Patch, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#access';
import { AdminKeyGuard, AdminOnly } from '../access/admin-key.guard.js';
import { found } from '../found.js';
import { RateLimitsDto } from './rate-limits.dto.js';
import { RateLimitsService } from './rate-limits.service.js';

/** The limits that the owner of the installation sets for a project; null: the default. */
@ApiTags('projects')
@ApiBearerAuth()
@Controller('v1/projects/:id/rate-limits')
@UseGuards(AdminKeyGuard)
@AdminOnly()
@RequireScope('manage')
export class RateLimitsController {
  constructor(private readonly limits: RateLimitsService) {}

  @Get()
  @ApiOkResponse({ type: RateLimitsDto })
  async find(@Param('id') id: string) {
    return found(await this.limits.find(id), 'project');
  }

  @Patch()
  @ApiOkResponse({ type: RateLimitsDto })
  async change(@Param('id') id: string, @Body() body: RateLimitsDto) {
    return found(await this.limits.change(id, body), 'project');
  }
}
