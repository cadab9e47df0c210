import { type Customer, CUSTOMER_COLUMNS, type CustomerChange, Customers } from './customers.js';
import type { Postgres } from './database.js';

/** Makes and changes customers. Deleting one hides it and takes no usage away. */
export class CustomerWrites {
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
      .returning(CUSTOMER_COLUMNS)
      .executeTakeFirst();
  }

  update(project: string, id: string, change: CustomerChange): Promise<Customer | undefined> {
    if (Object.keys(change).length === 0) return new Customers(this.postgres).find(project, id);
    const { metadata, ...plain } = change;
    return this.changing(project, id)
      .set({ ...plain, ...(metadata ? { metadata: JSON.stringify(metadata) } : {}) })
      .executeTakeFirst();
  }

  delete(project: string, id: string): Promise<Customer | undefined> {
    return this.changing(project, id).set({ deleted_at: new Date() }).executeTakeFirst();
  }

  private changing(project: string, id: string) {
    return this.postgres
      .updateTable('customers')
      .where('project', '=', project)
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .returning(CUSTOMER_COLUMNS);
  }
}
