import { type Selectable, sql } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { AlertsTable } from './tables/alerts.js';

export type RecordedAlert = Omit<Selectable<AlertsTable>, 'project' | 'test' | 'sequence'>;

/** What is asked of a project's alerts; what is not given excludes nothing. */
export interface AlertFilters {
  types?: readonly string[] | undefined;
  /** The id of a budget or rate. */
  watch?: string | undefined;
  /** Whose counter it is about, or whom it names. */
  customer?: string | undefined;
  /** Raised from then on, and before `to`. */
  from?: Date | undefined;
  to?: Date | undefined;
}

export const ALERT_COLUMNS = [
  'id',
  'type',
  'data',
  'raised_at',
  'watch',
  'counter',
  'window_start',
  'window_end',
  'threshold',
  'arming',
  'muted',
  'acknowledged_at',
  'created_at',
] as const;

/** What was raised in a project, without what was sent to try an endpoint. */
export class AlertHistory {
  constructor(private readonly postgres: Postgres) {}

  find(project: string, id: string): Promise<RecordedAlert | undefined> {
    return this.raised(project).where('id', '=', id).executeTakeFirst();
  }

  list(
    project: string,
    { types, watch, customer, from, to }: AlertFilters,
    request: ListRequest,
  ): Promise<RecordedAlert[]> {
    if (types?.length === 0) return Promise.resolve([]);
    let rows = this.raised(project);
    if (types) rows = rows.where('type', 'in', types);
    if (watch !== undefined) rows = rows.where('watch', '=', watch);
    if (customer !== undefined) rows = rows.where(isAbout(customer));
    if (from) rows = rows.where('raised_at', '>=', from);
    if (to) rows = rows.where('raised_at', '<', to);
    return pageOf(rows, request);
  }

  /** Of these counters of a budget, those that were breached in the window; it has no start where windows do not end. */
  async breached(
    project: string,
    watch: string,
    counters: readonly string[],
    windowStart: Date | null,
  ): Promise<Set<string>> {
    if (counters.length === 0) return new Set();
    const rows = await this.postgres
      .selectFrom('alerts')
      .select('counter')
      .distinct()
      .where('project', '=', project)
      .where('watch', '=', watch)
      .where(
        sql<string>`md5(counter)`,
        'in',
        counters.map((counter) => sql<string>`md5(${counter}::text)`),
      )
      .where('counter', 'in', counters)
      .where('type', '=', 'budget.breached')
      .where(sql<boolean>`window_start IS NOT DISTINCT FROM ${windowStart}`)
      .execute();
    return new Set(rows.flatMap(({ counter }) => (counter === null ? [] : [counter])));
  }

  private raised(project: string) {
    return this.postgres
      .selectFrom('alerts')
      .select(ALERT_COLUMNS)
      .where('project', '=', project)
      .where('test', '=', false);
  }
}

/** Whether an alert is recorded already, of whatever project it is. */
export async function isAlertRecorded(postgres: Postgres, id: string): Promise<boolean> {
  const row = await postgres
    .selectFrom('alerts')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}

function isAbout(customer: string) {
  return sql<boolean>`(data ->> 'customer' = ${customer} OR counter::jsonb ->> 'customer' = ${customer}
    OR (data ->> 'dimension' = 'customer' AND data ->> 'subject' = ${customer}))`;
}
