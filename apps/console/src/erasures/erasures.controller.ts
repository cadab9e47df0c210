import { Body, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '#access';
import { found } from '../found.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import { CreateRoute, FindRoute, ListRoute, Project, ProjectResource } from '../resource-routes.js';
import { CreateErasureDto, ErasureDto } from './erasure.dto.js';
import { ErasuresService } from './erasures.service.js';

@ProjectResource('v1/erasures', 'erasures')
export class ErasuresController {
  constructor(
    private readonly erasures: ErasuresService,
    private readonly creation: CreationService,
  ) {}

  @CreateRoute(ErasureDto)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Project() project: string,
    @Body() body: CreateErasureDto,
  ) {
    return this.creation.once(request, reply, (postgres) =>
      this.erasures.create(postgres, project, body),
    );
  }

  // It names a person, as what was managed does.
  @RequireScope('manage')
  @ListRoute(ErasureDto)
  list(@Project() project: string, @Query() query: ListQueryDto) {
    return this.erasures.list(project, query);
  }

  @RequireScope('manage')
  @FindRoute(ErasureDto)
  async find(@Project() project: string, @Param('id') id: string) {
    return found(await this.erasures.find(project, id), 'erasure');
  }
}
