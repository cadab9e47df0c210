import {
  Body,
  Controller,
  Delete,
  Get,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from '../access/caller.js';
import { found } from '../found.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import { CreateMuteDto, MuteDto } from './mute.dto.js';
import { MutesService } from './mutes.service.js';

@ApiTags('alerts')
@ApiBearerAuth()
@Controller('v1/mutes')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class MutesController {
  constructor(
    private readonly mutes: MutesService,
    private readonly creation: CreationService,
  ) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: MuteDto })
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateMuteDto,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      found(await this.mutes.create(postgres, projectOf(request), body), 'budget or rate'),
    );
  }

  @RequireScope('read')
  @Get()
  @ApiPageOf(MuteDto)
  list(@Req() request: FastifyRequest, @Query() query: ListQueryDto) {
    return this.mutes.list(projectOf(request), query);
  }

  @Delete(':id')
  @ApiOkResponse({ type: MuteDto })
  async delete(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.mutes.delete(projectOf(request), id), 'mute');
  }
}
