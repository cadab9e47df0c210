import { Controller, Get, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from '../access/caller.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { SetAsideQueryDto } from '../lists/set-aside-query.dto.js';
import { ConflictDto } from './conflict.dto.js';
import { ConflictsService } from './conflicts.service.js';

@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/conflicts')
@UseGuards(ApiKeyGuard)
@RequireScope('read')
export class ConflictsController {
  constructor(private readonly conflicts: ConflictsService) {}

  @Get()
  @ApiPageOf(ConflictDto)
  list(@Req() request: FastifyRequest, @Query() query: SetAsideQueryDto) {
    return this.conflicts.list(projectOf(request), query);
  }
}
