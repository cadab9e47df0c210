import { sql } from 'kysely';
import type { AlertMute } from './alert-mutes.js';
import type { Postgres } from './database.js';

/** Mutes a counter for a while, or a whole watch, and ends it. */
export class AlertMuteWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Muted already, it is muted until the new time. What is over in the project goes, so that nothing piles up. */
  async put(mute: Omit<AlertMute, 'created_at'>): Promise<AlertMute> {
    await this.postgres
      .deleteFrom('alert_mutes')
      .where('project', '=', mute.project)
      .where('until', '<=', sql<Date>`now()`)
      .execute();
    return this.postgres
      .insertInto('alert_mutes')
      .values(mute)
      .onConflict((conflict) =>
        conflict.expression(sql`project, watch, md5(counter)`).doUpdateSet({ until: mute.until }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
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
