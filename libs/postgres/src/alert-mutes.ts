import { sql, type Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { AlertMutesTable } from './tables/alert-mutes.js';

export type AlertMute = Selectable<AlertMutesTable>;

/** What is not sent for a while. The alerts are recorded all the same. */
export class AlertMutes {
  constructor(private readonly postgres: Postgres) {}

  /** Muted already, it is muted until the new time. */
  put(mute: Omit<AlertMute, 'created_at'>): Promise<AlertMute> {
    return this.postgres
      .insertInto('alert_mutes')
      .values(mute)
      .onConflict((conflict) =>
        conflict.expression(sql`project, watch, md5(counter)`).doUpdateSet({ until: mute.until }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
  }

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

  delete(project: string, id: string): Promise<AlertMute | undefined> {
    return this.postgres
      .deleteFrom('alert_mutes')
      .where('project', '=', project)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
  }
}
