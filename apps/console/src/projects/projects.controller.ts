import {
  Body,
  Controller,
  Delete,
  Get,
  Param,
  Patch,
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
import { RequireScope } from '#access';
import { AdminKeyGuard, AdminOnly } from '../access/admin-key.guard.js';
import { created, found } from '../found.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
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

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: ProjectDto })
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateProjectDto,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      created(await this.projects.create(postgres, body), 'project'),
    );
  }

  @Get()
  @ApiPageOf(ProjectDto)
  list(@Query() query: ListQueryDto) {
    return this.projects.list(query);
  }

  @Get(':id')
  @ApiOkResponse({ type: ProjectDto })
  async find(@Param('id') id: string) {
    return found(await this.projects.find(id), 'project');
  }

  @Patch(':id')
  @ApiOkResponse({ type: ProjectDto })
  async change(@Param('id') id: string, @Body() body: ChangeProjectDto) {
    return found(await this.projects.change(id, body), 'project');
  }

  @Delete(':id')
  @ApiOkResponse({ type: ProjectDto })
  async delete(@Param('id') id: string) {
    return found(await this.projects.delete(id), 'project');
  }
}
