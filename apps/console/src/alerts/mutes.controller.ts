import { Body, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { found } from '../found.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import {
  CreateRoute,
  DeleteRoute,
  ListRoute,
  Project,
  ProjectResource,
} from '../resource-routes.js';
import { CreateMuteDto, MuteDto } from './mute.dto.js';
import { MutesService } from './mutes.service.js';

@ProjectResource('v1/mutes', 'alerts')
export class MutesController {
  constructor(
    private readonly mutes: MutesService,
    private readonly creation: CreationService,
  ) {}

  @CreateRoute(MuteDto)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Project() project: string,
    @Body() body: CreateMuteDto,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      found(await this.mutes.create(postgres, project, body), 'budget or rate'),
    );
  }

  @ListRoute(MuteDto)
  list(@Project() project: string, @Query() query: ListQueryDto) {
    return this.mutes.list(project, query);
  }

  @DeleteRoute(MuteDto)
  async delete(@Project() project: string, @Param('id') id: string) {
    return found(await this.mutes.delete(project, id), 'mute');
  }
}
