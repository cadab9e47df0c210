import type { Postgres } from './database.js';

/** A call as it came. */
export interface BegunCall {
  id: string;
  project: string | null;
  caller: string;
  requestId: string;
  method: string;
  path: string;
  body: unknown;
  before: unknown;
}

/** Keeps who changed what: each call before it does anything, then what came of it. */
export class ManagingCallWrites {
  constructor(private readonly postgres: Postgres) {}

  async begin({ requestId, body, before, ...call }: BegunCall): Promise<void> {
    await this.postgres
      .insertInto('managing_calls')
      .values({ ...call, request_id: requestId, body: textOf(body), before: textOf(before) })
      .execute();
  }

  /** @param project of a call that made it: unknown before. */
  async finish(id: string, outcome: string, after: unknown, project?: string): Promise<void> {
    await this.postgres
      .updateTable('managing_calls')
      .set({ outcome, after: textOf(after), ...(project === undefined ? {} : { project }) })
      .where('id', '=', id)
      .execute();
  }
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
