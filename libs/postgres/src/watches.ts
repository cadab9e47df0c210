import type { Selectable } from 'kysely';
import type { Database, Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';

/** The tables whose rows watch usage. What is asked of them here rests on the columns that they share. */
export type WatchTable = 'budgets' | 'rates';

/** A kind of watch: its table, and a row in the words of the contracts. */
export interface WatchKind<Table extends WatchTable, Watch> {
  table: Table;
  watchOf(row: Selectable<Database[Table]>): Watch;
}

/** A project's watches of one kind, deleted ones left out: the class that reads them. */
export function watchReads<Table extends WatchTable, Watch>(kind: WatchKind<Table, Watch>) {
  const watchOf = (row: unknown) => kind.watchOf(row as Selectable<Database[Table]>);
  return class {
    constructor(private readonly postgres: Postgres) {}

    async find(project: string, id: string): Promise<Watch | undefined> {
      const rows = livingWatches(this.postgres, kind.table, project).where('id', '=', id);
      const row = await rows.executeTakeFirst();
      return row && watchOf(row);
    }

    async list(project: string, request: ListRequest): Promise<Watch[]> {
      const rows = await pageOf(livingWatches(this.postgres, kind.table, project), request);
      return rows.map(watchOf);
    }
  };
}

export function livingWatches(postgres: Postgres, table: WatchTable, project: string) {
  return postgres
    .selectFrom(table)
    .selectAll()
    .where('project', '=', project)
    .where('deleted_at', 'is', null);
}
