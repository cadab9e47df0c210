import { Body, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { created, found } from '../found.js';
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
import { ChangeCustomerDto, CreateCustomerDto, CustomerDto } from './customer.dto.js';
import { CustomersService } from './customers.service.js';

@ProjectResource('v1/customers', 'customers')
export class CustomersController {
  constructor(
    private readonly customers: CustomersService,
    private readonly creation: CreationService,
  ) {}

  @CreateRoute(CustomerDto)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Project() project: string,
    @Body() body: CreateCustomerDto,
  ) {
    return this.creation.once(request, reply, async (postgres) =>
      created(await this.customers.create(postgres, project, body), 'customer'),
    );
  }

  @ListRoute(CustomerDto)
  list(@Project() project: string, @Query() query: ListQueryDto) {
    return this.customers.list(project, query);
  }

  @FindRoute(CustomerDto)
  async find(@Project() project: string, @Param('id') id: string) {
    return found(await this.customers.find(project, id), 'customer');
  }

  @ChangeRoute(CustomerDto)
  async change(
    @Project() project: string,
    @Param('id') id: string,
    @Body() body: ChangeCustomerDto,
  ) {
    return found(await this.customers.change(project, id, body), 'customer');
  }

  @DeleteRoute(CustomerDto)
  async delete(@Project() project: string, @Param('id') id: string) {
    return found(await this.customers.delete(project, id), 'customer');
  }
}
