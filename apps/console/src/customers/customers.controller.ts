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
import { ChangeCustomerDto, CreateCustomerDto, CustomerDto } from './customer.dto.js';
import { CustomersService } from './customers.service.js';

@ApiTags('customers')
@ApiBearerAuth()
@Controller('v1/customers')
@UseGuards(ApiKeyGuard)
@RequireScope('manage')
export class CustomersController {
  constructor(
    private readonly customers: CustomersService,
    private readonly creation: CreationService,
  ) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: CustomerDto })
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateCustomerDto,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      created(await this.customers.create(postgres, projectOf(request), body), 'customer'),
    );
  }

  @RequireScope('read')
  @Get()
  @ApiPageOf(CustomerDto)
  list(@Req() request: FastifyRequest, @Query() query: ListQueryDto) {
    return this.customers.list(projectOf(request), query);
  }

  @RequireScope('read')
  @Get(':id')
  @ApiOkResponse({ type: CustomerDto })
  async find(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.customers.find(projectOf(request), id), 'customer');
  }

  @Patch(':id')
  @ApiOkResponse({ type: CustomerDto })
  async change(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: ChangeCustomerDto,
  ) {
    return found(await this.customers.change(projectOf(request), id, body), 'customer');
  }

  @Delete(':id')
  @ApiOkResponse({ type: CustomerDto })
  async delete(@Req() request: FastifyRequest, @Param('id') id: string) {
    return found(await this.customers.delete(projectOf(request), id), 'customer');
  }
}
