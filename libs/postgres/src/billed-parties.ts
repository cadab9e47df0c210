import type { Postgres } from './database.js';

export interface BilledProject {
  id: string;
  name: string;
  /** A decimal string. */
  markup: string;
}

export interface BilledParty {
  id: string;
  name: string | null;
  email: string | null;
  stripe_customer_id: string | null;
}

/** Whom to bill. Deleted projects and customers are among them: deleting takes no usage away, nor what is owed for it. */
export class BilledParties {
  constructor(private readonly postgres: Postgres) {}

  /** Every project, or the one named; empty when there is none of that name. */
  projects(id?: string): Promise<BilledProject[]> {
    const rows = this.postgres
      .selectFrom('projects')
      .select(['id', 'name', 'markup'])
      .orderBy('id');
    return (id === undefined ? rows : rows.where('id', '=', id)).execute();
  }

  async customers(project: string): Promise<Map<string, BilledParty>> {
    const rows = await this.postgres
      .selectFrom('customers')
      .select(['id', 'name', 'email', 'stripe_customer_id'])
      .where('project', '=', project)
      .execute();
    return new Map(rows.map((row) => [row.id, row]));
  }
}
