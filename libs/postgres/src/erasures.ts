import type { Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { ErasuresTable } from './tables/erasures.js';

export type Erasure = Selectable<ErasuresTable>;

/** What projects asked to have erased. */
export class Erasures {
  constructor(private readonly postgres: Postgres) {}

  find(project: string, id: string): Promise<Erasure | undefined> {
    return this.of(project).where('id', '=', id).executeTakeFirst();
  }

  list(project: string, request: ListRequest): Promise<Erasure[]> {
    return pageOf(this.of(project), request);
  }

  /** Those that are not done, the oldest first. */
  open(limit: number): Promise<Erasure[]> {
    return this.postgres
      .selectFrom('erasures')
      .selectAll()
      .where('done_at', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** How many of the project's are not done. */
  async countOpen(project: string): Promise<number> {
    const { open } = await this.postgres
      .selectFrom('erasures')
      .select(({ fn }) => fn.countAll<bigint>().as('open'))
      .where('project', '=', project)
      .where('done_at', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(open);
  }

  /** Those of all projects that are not done, and when the oldest of them was asked for. */
  async backlog(): Promise<{ open: number; oldest: Date | null }> {
    const { open, oldest } = await this.postgres
      .selectFrom('erasures')
      .select(({ fn }) => [fn.countAll<bigint>().as('open'), fn.min('requested_at').as('oldest')])
      .where('done_at', 'is', null)
      .executeTakeFirstOrThrow();
    return { open: Number(open), oldest };
  }

  private of(project: string) {
    return this.postgres.selectFrom('erasures').selectAll().where('project', '=', project);
  }
}
