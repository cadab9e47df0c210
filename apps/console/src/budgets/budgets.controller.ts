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
import { found } from '../found.js';
import { CreationService } from '../idempotency/creation.service.js';
import { ApiPageOf } from '../lists/api-page-of.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import {
  BudgetCounterDto,
  ListCountersQueryDto,
  StandingBudgetDto,
} from './budget-standing.dto.js';
import { BudgetStandingsService } from './budget-standings.service.js';
import { BudgetDto, ChangeBudgetDto, CreateBudgetDto } from './budget.dto.js';
import { BudgetsService } from './budgets.service.js';

const WHAT = 'budget';

@ApiTags('budgets')
@ApiBearerAuth()
@Controller('v1/budgets')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class BudgetsController {
  constructor(
    private readonly budgets: BudgetsService,
    private readonly standings: BudgetStandingsService,
    private readonly creation: CreationService,
  ) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: BudgetDto })
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateBudgetDto,
  ) {
    return this.creation.once(request, reply, (postgres) =>
      this.budgets.create(postgres, projectOf(request), body),
    );
  }

  @RequireScope('read')
  @Get()
  @ApiPageOf(BudgetDto)
  list(@Req() request: FastifyRequest, @Query() query: ListQueryDto) {
    return this.budgets.list(projectOf(request), query);
  }

  @RequireScope('read')
  @Get(':id')
  @ApiOkResponse({ type: StandingBudgetDto })
  async find(@Req() request: FastifyRequest, @Param('id') id: string) {
    const budget = found(await this.budgets.find(projectOf(request), id), WHAT);
    return this.standings.ofBudget(budget);
  }

  @RequireScope('read')
  @Get(':id/counters')
  @ApiPageOf(BudgetCounterDto)
  async counters(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() query: ListCountersQueryDto,
  ) {
    const budget = found(await this.budgets.find(projectOf(request), id), WHAT);
    return this.standings.list(budget, query);
  }

  @Patch(':id')
  @ApiOkResponse({ type: BudgetDto })
  async change(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: ChangeBudgetDto,
  ) {
    return found(await this.budgets.change(projectOf(request), id, body), WHAT);
  }

  @Delete(':id')
  @ApiOkResponse({ type: BudgetDto })
  async delete(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.budgets.delete(projectOf(request), id), WHAT);
  }
}
