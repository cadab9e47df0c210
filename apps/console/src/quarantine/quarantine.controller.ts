import { Controller, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiConflictResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { RequireScope } from '#access';
import { ApiError, unavailable } from '#http';
import { AdminKeyGuard, AdminToo } from '../access/admin-key.guard.js';
import { isAdmin, projectOf } from '../access/caller.js';
import { found, notFound } from '../found.js';
import { SendLimitGuard } from '../limits/send-limit.guard.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { SetAsideQueryDto } from '../lists/set-aside-query.dto.js';
import { QuarantinedItemDto, ReplayedItemDto } from './quarantined-item.dto.js';
import { QuarantineService } from './quarantine.service.js';

/** What no project could be read from: only the platform's owner may see it. */
const NO_PROJECT = '';

@ApiTags('quarantine')
@ApiBearerAuth()
@Controller('v1/quarantine')
@UseGuards(AdminKeyGuard)
@AdminToo()
@RequireScope('read')
export class QuarantineController {
  constructor(private readonly quarantine: QuarantineService) {}

  @Get()
  @ApiPageOf(QuarantinedItemDto)
  list(@Req() request: FastifyRequest, @Query() query: SetAsideQueryDto) {
    return this.quarantine.list(shownProject(request), query);
  }

  @Get(':id')
  @ApiOkResponse({ type: QuarantinedItemDto })
  async find(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.quarantine.find(shownProject(request), id), 'quarantined item');
  }

  @Post(':id/replay')
  @HttpCode(202)
  @UseGuards(SendLimitGuard)
  @RequireScope('manage')
  @ApiAcceptedResponse({
    type: ReplayedItemDto,
    description: 'It is on its way. Repeated, it counts once.',
  })
  @ApiConflictResponse({ description: 'It cannot be read as one event with an id.' })
  async replay(@Req() request: FastifyRequest, @Param('id') id: string): Promise<ReplayedItemDto> {
    const outcome = await this.quarantine.replay(shownProject(request), id);
    switch (outcome.state) {
      case 'replayed':
        return { id: outcome.id, status: 'replayed' };
      case 'missing':
        throw notFound('quarantined item');
      case 'refused':
        throw new ApiError(
          409,
          'not_replayable',
          `this item cannot be replayed: ${outcome.reason}`,
        );
      case 'unknown':
        throw unavailable('kafka_unavailable', 'Kafka does not answer: try again', 2);
    }
  }
}

function shownProject(request: FastifyRequest): string {
  return isAdmin(request) ? NO_PROJECT : projectOf(request);
}
