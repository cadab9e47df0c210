import { Controller, Get, Header, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from '../access/caller.js';
import { exactJson } from './exact-json.js';
import { UsageAnswerDto } from './usage-answer.dto.js';
import { UsageQueryDto } from './usage-query.dto.js';
import { UsageService } from './usage.service.js';

@ApiTags('usage')
@ApiBearerAuth()
@Controller('v1/usage')
@UseGuards(ApiKeyGuard)
@RequireScope('read')
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOkResponse({ type: UsageAnswerDto })
  async read(@Req() request: FastifyRequest, @Query() query: UsageQueryDto): Promise<string> {
    return exactJson(await this.usage.read(projectOf(request), query));
  }
}
