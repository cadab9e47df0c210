import { Controller, Get, Param, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { DEFAULT_SOURCE } from '#contracts';
import { ApiError } from '#http';
import { projectOf } from '../access/caller.js';
import { EventDto, EventQueryDto } from './event.dto.js';
import { EventsService } from './events.service.js';

@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/events')
@UseGuards(ApiKeyGuard)
@RequireScope('read')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get(':id')
  @ApiOkResponse({ type: EventDto })
  @ApiNotFoundResponse({
    description: 'Not stored; what was acknowledged after `fresh_to` may be on its way.',
  })
  async find(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() { source }: EventQueryDto,
  ): Promise<EventDto> {
    const identity = { project: projectOf(request), source: source ?? DEFAULT_SOURCE, id };
    const search = await this.events.find(identity);
    if (search.event !== null) return search.event;
    const onItsWay =
      search.freshTo === null
        ? 'how far storing has come is not known now, so it may be on its way'
        : `what was acknowledged after ${search.freshTo} (fresh_to) may be on its way`;
    throw new ApiError(404, 'not_found', `no event with this id and source is stored; ${onItsWay}`);
  }
}
