import { sql } from 'kysely';
import { ALERT_COLUMNS, type RecordedAlert } from './alert-history.js';
import type { Postgres } from './database.js';

/** What changes in the alerts that were raised. They themselves are the outbox's to write. */
export class AlertWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Somebody has seen it: the first time stands. Undefined when there is no such alert. */
  async acknowledge(project: string, id: string, at: Date): Promise<RecordedAlert | undefined> {
    return this.postgres
      .updateTable('alerts')
      .set({ acknowledged_at: sql<Date>`coalesce(acknowledged_at, ${at})` })
      .where('project', '=', project)
      .where('id', '=', id)
      .where('test', '=', false)
      .returning(ALERT_COLUMNS)
      .executeTakeFirst();
  }
}
