import { createHash } from 'node:crypto';
import type { Postgres } from './database.js';

/** What was to be raised and can't be. */
export interface SetAsideAlert {
  project: string;
  /** As it stood. */
  content: Buffer;
  reason: string;
}

/** Keeps what can never be raised, so that nothing is dropped in silence. */
export class SetAsideAlertWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Again, it changes nothing. */
  async add(alerts: readonly SetAsideAlert[]): Promise<void> {
    if (alerts.length === 0) return;
    await this.postgres
      .insertInto('alerts_set_aside')
      .values(alerts.map((alert) => ({ id: idOf(alert), ...alert })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

function idOf({ project, content }: SetAsideAlert): string {
  return createHash('sha256').update(JSON.stringify(project)).update(content).digest('hex');
}
