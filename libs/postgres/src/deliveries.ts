import { sql, type Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { DeliveriesTable, DeliveryAttemptsTable, DeliveryState } from './tables/deliveries.js';

export type Delivery = Pick<
  Selectable<DeliveriesTable>,
  'id' | 'alert' | 'endpoint' | 'state' | 'next_at' | 'created_at'
> & { type: string };
export type DeliveryAttempt = Selectable<DeliveryAttemptsTable>;

/** What came of an attempt, and what the delivery becomes. `nextAt` is set exactly where the state is `pending`. */
export interface AttemptRecord {
  at: Date;
  succeeded: boolean;
  status: number | null;
  answer: string;
  durationMs: number;
  state: DeliveryState;
  nextAt: Date | null;
}

/** How many attempts may begin: of each endpoint, and of all. Those in trouble share places of their own. */
export interface Room {
  healthy: number;
  troubled: { total: number; endpoints: string[] };
  named: Record<string, number>;
  /** Of an endpoint that is not named. */
  others: number;
}

const COLUMNS = ['id', 'alert', 'endpoint', 'state', 'next_at', 'created_at'] as const;
const TYPE = sql<string>`(SELECT type FROM alerts WHERE alerts.id = deliveries.alert)`.as('type');

/** Deliveries and their attempts, as they stand. */
export class Deliveries {
  constructor(private readonly postgres: Postgres) {}

  list(endpoint: string, request: ListRequest): Promise<Delivery[]> {
    return pageOf(
      this.postgres
        .selectFrom('deliveries')
        .select(COLUMNS)
        .select(TYPE)
        .where('endpoint', '=', endpoint),
      request,
    );
  }

  find(project: string, id: string): Promise<Delivery | undefined> {
    return this.postgres
      .selectFrom('deliveries')
      .select(COLUMNS)
      .select(TYPE)
      .where('project', '=', project)
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** The attempts of some deliveries, in their order. */
  async attemptsOf(ids: readonly string[]): Promise<DeliveryAttempt[]> {
    if (ids.length === 0) return [];
    return this.postgres
      .selectFrom('delivery_attempts')
      .selectAll()
      .where('delivery', 'in', ids)
      .orderBy('delivery')
      .orderBy('attempt')
      .execute();
  }
}
