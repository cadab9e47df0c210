import { type Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { CustomersTable } from './tables/projects.js';

export type Customer = Omit<Selectable<CustomersTable>, 'deleted_at'>;

export interface CustomerChange {
  name?: string | null;
  email?: string | null;
  metadata?: Record<string, unknown>;
  stripe_customer_id?: string | null;
}

export const CUSTOMER_COLUMNS = [
  'project',
  'id',
  'name',
  'email',
  'metadata',
  'stripe_customer_id',
  'created_at',
] as const;

/** Who is billed. A customer also comes into being with its first event; deleting one hides it and takes no usage away. */
export class Customers {
  constructor(private readonly postgres: Postgres) {}

  find(project: string, id: string): Promise<Customer | undefined> {
    return this.living(project).where('id', '=', id).executeTakeFirst();
  }

  list(project: string, request: ListRequest): Promise<Customer[]> {
    return pageOf(this.living(project), request);
  }

  private living(project: string) {
    return this.postgres
      .selectFrom('customers')
      .select(CUSTOMER_COLUMNS)
      .where('project', '=', project)
      .where('deleted_at', 'is', null);
  }
}
