import { Body, Controller, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '#access';
import { AdminKeyGuard, AdminToo } from '../access/admin-key.guard.js';
import { projectNamedBy } from '../access/caller.js';
import { found } from '../found.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ChangeRoute, CreateRoute, DeleteRoute, FindRoute, ListRoute } from '../resource-routes.js';
import { grantorOf } from './check-grant.js';
import {
  ChangeKeyDto,
  CreatedKeyDto,
  CreateKeyDto,
  KeyDto,
  ListKeysQueryDto,
  NamedProjectDto,
} from './key.dto.js';
import { KeysService } from './keys.service.js';

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

  @CreateRoute(CreatedKeyDto)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateKeyDto,
  ) {
    const project = projectNamedBy(request, body.project ?? undefined);
    return this.creation.once(request, reply, async (postgres) =>
      found(await this.keys.create(postgres, project, body, grantorOf(request)), 'project'),
    );
  }

  @ListRoute(KeyDto)
  list(@Req() request: FastifyRequest, @Query() { project, ...page }: ListKeysQueryDto) {
    return this.keys.list(projectNamedBy(request, project), page);
  }

  @FindRoute(KeyDto)
  async find(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() { project }: NamedProjectDto,
  ) {
    return found(await this.keys.find(projectNamedBy(request, project), id), 'key');
  }

  @ChangeRoute(KeyDto)
  async change(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() { project }: NamedProjectDto,
    @Body() body: ChangeKeyDto,
  ) {
    const named = projectNamedBy(request, project);
    return found(await this.keys.change(named, id, body, grantorOf(request)), 'key');
  }

  @DeleteRoute(KeyDto)
  async revoke(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() { project }: NamedProjectDto,
  ) {
    return found(await this.keys.revoke(projectNamedBy(request, project), id), 'key');
  }
}
