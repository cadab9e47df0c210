import { Injectable } from '@nestjs/common';
import { randomBase62 } from '#access';
import { type Customer, Customers, type Postgres } from '#postgres';
import { CustomerWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import type { ChangeCustomerDto, CreateCustomerDto, CustomerDto } from './customer.dto.js';

/** Who is billed, in one project. Each answer is undefined where the project has no such customer. */
@Injectable()
export class CustomersService {
  constructor(private readonly engines: Engines) {}

  /** Undefined when the id is in use, also by a customer who came into being with an event. */
  async create(
    postgres: Postgres,
    project: string,
    { id, ...customer }: CreateCustomerDto,
  ): Promise<CustomerDto | undefined> {
    const fields = givenFields(customer);
    return shown(
      await new CustomerWrites(postgres).create(project, id ?? `cust_${randomBase62(16)}`, fields),
    );
  }

  async find(project: string, id: string): Promise<CustomerDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new Customers(postgres).find(project, id)),
    );
  }

  list(project: string, query: ListQueryDto): Promise<Page<CustomerDto>> {
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new Customers(postgres).list(project, page), show),
    );
  }

  async change(
    project: string,
    id: string,
    change: ChangeCustomerDto,
  ): Promise<CustomerDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) =>
        new CustomerWrites(postgres).update(project, id, givenFields(change)),
      ),
    );
  }

  /** Hides the customer; usage and what is billed stay. */
  async delete(project: string, id: string): Promise<CustomerDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new CustomerWrites(postgres).delete(project, id)),
    );
  }
}

function shown(customer: Customer | undefined): CustomerDto | undefined {
  return customer && show(customer);
}

function show(customer: Customer): CustomerDto {
  const { id, name, email, metadata, stripe_customer_id, created_at } = customer;
  return { id, name, email, metadata, stripe_customer_id, created_at: created_at.toISOString() };
}
