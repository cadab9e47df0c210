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
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from '../access/caller.js';
import { created, found } from '../found.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import {
  ApplicationDto,
  ChangeApplicationDto,
  CreateApplicationDto,
  CreatedApplicationDto,
} from './application.dto.js';
import { ApplicationsService } from './applications.service.js';

@ApiTags('applications')
@ApiBearerAuth()
@Controller('v1/applications')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class ApplicationsController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly creation: CreationService,
  ) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: CreatedApplicationDto })
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateApplicationDto,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      created(await this.applications.create(postgres, projectOf(request), body), 'application'),
    );
  }

  @RequireScope('read')
  @Get()
  @ApiPageOf(ApplicationDto)
  list(@Req() request: FastifyRequest, @Query() query: ListQueryDto) {
    return this.applications.list(projectOf(request), query);
  }

  @RequireScope('read')
  @Get(':id')
  @ApiOkResponse({ type: ApplicationDto })
  async find(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.applications.find(projectOf(request), id), 'application');
  }

  @Patch(':id')
  @ApiOkResponse({ type: ApplicationDto })
  async change(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: ChangeApplicationDto,
  ) {
    return found(await this.applications.change(projectOf(request), id, body), 'application');
  }

  @Delete(':id')
  @ApiOkResponse({ type: ApplicationDto })
  async delete(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.applications.delete(projectOf(request), id), 'application');
  }
}
