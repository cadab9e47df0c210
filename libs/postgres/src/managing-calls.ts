import type { Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { ManagingCallsTable } from './tables/managing-calls.js';

export type ManagingCall = Selectable<ManagingCallsTable>;

/** Who changed what in a project. */
export class ManagingCalls {
  constructor(private readonly postgres: Postgres) {}

  list(project: string, request: ListRequest): Promise<ManagingCall[]> {
    const calls = this.postgres.selectFrom('managing_calls').selectAll();
    return pageOf(calls.where('project', '=', project), request);
  }
}
