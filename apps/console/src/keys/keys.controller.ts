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
import { AdminKeyGuard, AdminToo } from '../access/admin-key.guard.js';
import { projectNamedBy } from '../access/caller.js';
import { found } from '../found.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ChangeKeyDto, CreatedKeyDto, CreateKeyDto, KeyDto, NamedProjectDto } from './key.dto.js';
import { KeysService } from './keys.service.js';
import { ListKeysQueryDto } from './list-keys-query.dto.js';

@ApiTags('keys')
@ApiBearerAuth()
@Controller('v1/keys')
@UseGuards(AdminKeyGuard)
@AdminToo()
@RequireScope('manage')
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly creation: CreationService,
  ) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: CreatedKeyDto })
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateKeyDto,
  ) {
    const project = projectNamedBy(request, body.project ?? undefined);
    return this.creation.once(request, reply, async (postgres) =>
      found(await this.keys.create(postgres, project, body), 'project'),
    );
  }

  @RequireScope('read')
  @Get()
  @ApiPageOf(KeyDto)
  list(@Req() request: FastifyRequest, @Query() { project, ...page }: ListKeysQueryDto) {
    return this.keys.list(projectNamedBy(request, project), page);
  }

  @RequireScope('read')
  @Get(':id')
  @ApiOkResponse({ type: KeyDto })
  async find(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() { project }: NamedProjectDto,
  ) {
    return found(await this.keys.find(projectNamedBy(request, project), id), 'key');
  }

  @Patch(':id')
  @ApiOkResponse({ type: KeyDto })
  async change(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() { project }: NamedProjectDto,
    @Body() body: ChangeKeyDto,
  ) {
    return found(await this.keys.change(projectNamedBy(request, project), id, body), 'key');
  }

  @Delete(':id')
  @ApiOkResponse({ type: KeyDto })
  async revoke(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() { project }: NamedProjectDto,
  ) {
    return found(await this.keys.revoke(projectNamedBy(request, project), id), 'key');
  }
}
