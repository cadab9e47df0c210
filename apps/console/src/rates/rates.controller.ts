import { Body, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { found } from '../found.js';
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
import { StandingRateDto } from './rate-standing.dto.js';
import { RateStandingsService } from './rate-standings.service.js';
import { ChangeRateDto, CreateRateDto, RateDto } from './rate.dto.js';
import { RatesService } from './rates.service.js';

const WHAT = 'rate';

@ProjectResource('v1/rates', 'rates')
export class RatesController {
  constructor(
    private readonly rates: RatesService,
    private readonly standings: RateStandingsService,
    private readonly creation: CreationService,
  ) {}

  @CreateRoute(RateDto)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Project() project: string,
    @Body() body: CreateRateDto,
  ) {
    return this.creation.once(request, reply, (postgres) =>
      this.rates.create(postgres, project, body),
    );
  }

  @ListRoute(RateDto)
  list(@Project() project: string, @Query() query: ListQueryDto) {
    return this.rates.list(project, query);
  }

  @FindRoute(StandingRateDto)
  async find(@Project() project: string, @Param('id') id: string) {
    const rate = found(await this.rates.find(project, id), WHAT);
    return this.standings.ofRate(rate);
  }

  @ChangeRoute(RateDto)
  async change(@Project() project: string, @Param('id') id: string, @Body() body: ChangeRateDto) {
    return found(await this.rates.change(project, id, body), WHAT);
  }

  @DeleteRoute(RateDto)
  async delete(@Project() project: string, @Param('id') id: string) {
    return found(await this.rates.delete(project, id), WHAT);
  }
}
