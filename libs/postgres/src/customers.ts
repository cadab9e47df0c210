import { type Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { CustomersTable } from './tables/customers.js';

export type Customer = Omit<Selectable<CustomersTable>, 'deleted_at'>;

export interface CustomerChange {
  name?: string | null;
  email?: string | null;
  metadata?: Record<string, unknown>;
  stripe_customer_id?: string | null;
}

const COLUMNS = [
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

  /** A deleted customer of the same id comes back as the new one. Undefined when the id is in use. */
  create(project: string, id: string, customer: CustomerChange): Promise<Customer | undefined> {
    const fresh = { name: null, email: null, stripe_customer_id: null, metadata: {}, ...customer };
    const columns = { ...fresh, metadata: JSON.stringify(fresh.metadata) };
    return this.postgres
      .insertInto('customers')
      .values({ project, id, ...columns })
      .onConflict((conflict) =>
        conflict
          .columns(['project', 'id'])
          .doUpdateSet({ ...columns, deleted_at: null })
          .where('customers.deleted_at', 'is not', null),
      )
      .returning(COLUMNS)
      .executeTakeFirst();
  }

  find(project: string, id: string): Promise<Customer | undefined> {
    return this.living(project).where('id', '=', id).executeTakeFirst();
  }

  list(project: string, request: ListRequest): Promise<Customer[]> {
    return pageOf(this.living(project), request);
  }

  update(project: string, id: string, change: CustomerChange): Promise<Customer | undefined> {
    if (Object.keys(change).length === 0) return this.find(project, id);
    const { metadata, ...plain } = change;
    return this.changing(project, id)
      .set({ ...plain, ...(metadata ? { metadata: JSON.stringify(metadata) } : {}) })
      .executeTakeFirst();
  }

  delete(project: string, id: string): Promise<Customer | undefined> {
    return this.changing(project, id).set({ deleted_at: new Date() }).executeTakeFirst();
  }

  private living(project: string) {
    return this.postgres
      .selectFrom('customers')
      .select(COLUMNS)
      .where('project', '=', project)
      .where('deleted_at', 'is', null);
  }

  private changing(project: string, id: string) {
    return this.postgres
      .updateTable('customers')
      .where('project', '=', project)
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returning(COLUMNS);
  }
}
