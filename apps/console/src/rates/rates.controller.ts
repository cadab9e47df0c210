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
import { StandingRateDto } from './rate-standing.dto.js';
import { RateStandingsService } from './rate-standings.service.js';
import { ChangeRateDto, CreateRateDto, RateDto } from './rate.dto.js';
import { RatesService } from './rates.service.js';

const WHAT = 'rate';

@ApiTags('rates')
@ApiBearerAuth()
@Controller('v1/rates')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class RatesController {
  constructor(
    private readonly rates: RatesService,
    private readonly standings: RateStandingsService,
    private readonly creation: CreationService,
  ) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: RateDto })
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateRateDto,
  ) {
    return this.creation.once(request, reply, (postgres) =>
      this.rates.create(postgres, projectOf(request), body),
    );
  }

  @RequireScope('read')
  @Get()
  @ApiPageOf(RateDto)
  list(@Req() request: FastifyRequest, @Query() query: ListQueryDto) {
    return this.rates.list(projectOf(request), query);
  }

  @RequireScope('read')
  @Get(':id')
  @ApiOkResponse({ type: StandingRateDto })
  async find(@Req() request: FastifyRequest, @Param('id') id: string) {
    const rate = found(await this.rates.find(projectOf(request), id), WHAT);
    return this.standings.ofRate(rate);
  }

  @Patch(':id')
  @ApiOkResponse({ type: RateDto })
  async change(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: ChangeRateDto,
  ) {
    return found(await this.rates.change(projectOf(request), id, body), WHAT);
  }

  @Delete(':id')
  @ApiOkResponse({ type: RateDto })
  async delete(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.rates.delete(projectOf(request), id), WHAT);
  }
}
