import type { Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { AlertMutesTable } from './tables/alerts.js';

export type AlertMute = Selectable<AlertMutesTable>;

/** What is not sent for a while. The alerts are recorded all the same. */
export class AlertMutes {
  constructor(private readonly postgres: Postgres) {}

  /** Those that are not over at `now`. */
  list(project: string, now: Date, request: ListRequest): Promise<AlertMute[]> {
    return pageOf(
      this.postgres
        .selectFrom('alert_mutes')
        .selectAll()
        .where('project', '=', project)
        .where('until', '>', now),
      request,
    );
  }
}
