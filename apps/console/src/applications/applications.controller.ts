import { Body, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader } from '@nestjs/swagger';
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
import { grantorOf } from '../keys/check-grant.js';
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
      created(
        await this.applications.create(postgres, project, body, grantorOf(request)),
        'application',
      ),
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

  @Post(':id/rotate-token')
  @HttpCode(201)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({
    type: CreatedApplicationDto,
    description: 'The tokens before live for 24 h more.',
  })
  rotateToken(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Project() project: string,
    @Param('id') id: string,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      found(
        await this.applications.rotateToken(postgres, project, id, grantorOf(request)),
        'application',
      ),
    );
  }

  @DeleteRoute(ApplicationDto)
  async delete(@Project() project: string, @Param('id') id: string) {
    return found(await this.applications.delete(project, id), 'application');
  }
}
