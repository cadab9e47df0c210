import { Controller, Get, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { RequireScope } from '#access';
import { AdminKeyGuard, AdminToo } from '../access/admin-key.guard.js';
import { projectNamedBy } from '../access/caller.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { ListManagingCallsQueryDto, ManagingCallDto } from './managing-call.dto.js';
import { ManagingCallsService } from './managing-calls.service.js';

@ApiTags('managing calls')
@ApiBearerAuth()
@Controller('v1/managing-calls')
@UseGuards(AdminKeyGuard)
@AdminToo()
@RequireScope('manage')
export class ManagingCallsController {
  constructor(private readonly calls: ManagingCallsService) {}

  @Get()
  @ApiPageOf(ManagingCallDto)
  list(@Req() request: FastifyRequest, @Query() { project, ...page }: ListManagingCallsQueryDto) {
    return this.calls.list(projectNamedBy(request, project), page);
  }
}
