import { Body, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '#access';
import { found } from '../found.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ApiPageOf } from '../lists/api-page-of.js';
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
  BudgetCounterDto,
  ListCountersQueryDto,
  StandingBudgetDto,
} from './budget-standing.dto.js';
import { BudgetStandingsService } from './budget-standings.service.js';
import { BudgetDto, ChangeBudgetDto, CreateBudgetDto } from './budget.dto.js';
import { BudgetsService } from './budgets.service.js';

const WHAT = 'budget';

@ProjectResource('v1/budgets', 'budgets')
export class BudgetsController {
  constructor(
    private readonly budgets: BudgetsService,
    private readonly standings: BudgetStandingsService,
    private readonly creation: CreationService,
  ) {}

  @CreateRoute(BudgetDto)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Project() project: string,
    @Body() body: CreateBudgetDto,
  ) {
    return this.creation.once(request, reply, (postgres) =>
      this.budgets.create(postgres, project, body),
    );
  }

  @ListRoute(BudgetDto)
  list(@Project() project: string, @Query() query: ListQueryDto) {
    return this.budgets.list(project, query);
  }

  @FindRoute(StandingBudgetDto)
  async find(@Project() project: string, @Param('id') id: string) {
    const budget = found(await this.budgets.find(project, id), WHAT);
    return this.standings.ofBudget(budget);
  }

  @RequireScope('read')
  @Get(':id/counters')
  @ApiPageOf(BudgetCounterDto)
  async counters(
    @Project() project: string,
    @Param('id') id: string,
    @Query() query: ListCountersQueryDto,
  ) {
    const budget = found(await this.budgets.find(project, id), WHAT);
    return this.standings.list(budget, query);
  }

  @ChangeRoute(BudgetDto)
  async change(@Project() project: string, @Param('id') id: string, @Body() body: ChangeBudgetDto) {
    return found(await this.budgets.change(project, id, body), WHAT);
  }

  @DeleteRoute(BudgetDto)
  async delete(@Project() project: string, @Param('id') id: string) {
    return found(await this.budgets.delete(project, id), WHAT);
  }
}
