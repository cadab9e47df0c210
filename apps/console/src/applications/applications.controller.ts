import { Body, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { created, found } from '../found.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import {
  ChangeRoute,
  CreateRoute,
  DeleteRoute,
  FindRoute,
  ListRoute,
  Project,
  ProjectResource,
} from '../resource-routes.js';
import {
  ApplicationDto,
  ChangeApplicationDto,
  CreateApplicationDto,
  CreatedApplicationDto,
} from './application.dto.js';
import { ApplicationsService } from './applications.service.js';

@ProjectResource('v1/applications', 'applications')
export class ApplicationsController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly creation: CreationService,
  ) {}

  @CreateRoute(CreatedApplicationDto)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Project() project: string,
    @Body() body: CreateApplicationDto,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      created(await this.applications.create(postgres, project, body), 'application'),
    );
  }

  @ListRoute(ApplicationDto)
  list(@Project() project: string, @Query() query: ListQueryDto) {
    return this.applications.list(project, query);
  }

  @FindRoute(ApplicationDto)
  async find(@Project() project: string, @Param('id') id: string) {
    return found(await this.applications.find(project, id), 'application');
  }

  @ChangeRoute(ApplicationDto)
  async change(
    @Project() project: string,
    @Param('id') id: string,
    @Body() body: ChangeApplicationDto,
  ) {
    return found(await this.applications.change(project, id, body), 'application');
  }

  @DeleteRoute(ApplicationDto)
  async delete(@Project() project: string, @Param('id') id: string) {
    return found(await this.applications.delete(project, id), 'application');
  }
}
