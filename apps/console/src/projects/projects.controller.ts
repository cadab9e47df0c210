import { Body, Controller, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '#access';
import { AdminKeyGuard, AdminOnly } from '../access/admin-key.guard.js';
import { created, found } from '../found.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import { ChangeRoute, CreateRoute, DeleteRoute, FindRoute, ListRoute } from '../resource-routes.js';
import { ChangeProjectDto, CreateProjectDto, ProjectDto } from './project.dto.js';
import { ProjectsService } from './projects.service.js';

@ApiTags('projects (admin key only)')
@ApiBearerAuth()
@Controller('v1/projects')
@UseGuards(AdminKeyGuard)
@AdminOnly()
@RequireScope('manage')
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly creation: CreationService,
  ) {}

  @CreateRoute(ProjectDto)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateProjectDto,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      created(await this.projects.create(postgres, body), 'project'),
    );
  }

  @ListRoute(ProjectDto)
  list(@Query() query: ListQueryDto) {
    return this.projects.list(query);
  }

  @FindRoute(ProjectDto)
  async find(@Param('id') id: string) {
    return found(await this.projects.find(id), 'project');
  }

  @ChangeRoute(ProjectDto)
  async change(@Param('id') id: string, @Body() body: ChangeProjectDto) {
    return found(await this.projects.change(id, body), 'project');
  }

  @DeleteRoute(ProjectDto)
  async delete(@Param('id') id: string) {
    return found(await this.projects.delete(id), 'project');
  }
}
