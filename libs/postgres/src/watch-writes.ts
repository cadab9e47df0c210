import { type Insertable, type InsertObject, type Selectable, sql, type Updateable } from 'kysely';
import { type Database, inTransaction, type Postgres } from './database.js';
import { livingWatches, type WatchKind, type WatchTable } from './watches.js';

/** What every change of a watch sets: its number tells changes apart, its transaction lets whoever polls find it. */
export const CHANGED = {
  change: sql<bigint>`nextval('watch_changes')`,
  changed_in: sql<string>`pg_current_xact_id()`,
};

interface WrittenKind<Table extends WatchTable, Watch, New, Change> extends WatchKind<
  Table,
  Watch
> {
  rowOf(watch: New): Insertable<Database[Table]>;
  /** Nothing where the change is empty. */
  columnsOf(change: Change): Updateable<Database[Table]>;
}

/**
 * A project's watches of one kind: the class that writes them. The aggregator finds every change within 2 s of its commit.
 */
export function watchWrites<Table extends WatchTable, Watch, New, Change>(
  kind: WrittenKind<Table, Watch, New, Change>,
) {
  const { table } = kind;
  const watchOf = (row: unknown) => kind.watchOf(row as Selectable<Database[Table]>);
  return class {
    constructor(private readonly postgres: Postgres) {}

    async create(watch: New): Promise<Watch> {
      const row = await this.postgres
        .insertInto<WatchTable>(table)
        .values(kind.rowOf(watch) as InsertObject<Database, WatchTable>)
        .returningAll()
        .executeTakeFirstOrThrow();
      return watchOf(row);
    }

    /** `edit` sees the watch as it stands, while nobody else can change it. An empty change changes nothing. */
    change(
      project: string,
      id: string,
      edit: (before: Watch) => Change,
    ): Promise<Watch | undefined> {
      return inTransaction(this.postgres, async (transaction) => {
        const row = await livingWatches(transaction, table, project)
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (!row) return undefined;
        const columns = kind.columnsOf(edit(watchOf(row)));
        if (Object.keys(columns).length === 0) return watchOf(row);
        const changed = await transaction
          .updateTable<WatchTable>(table)
          .set({ ...columns, ...CHANGED })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow();
        return watchOf(changed);
      });
    }

    /** It counts and alerts no more. Its alerts stay. */
    async delete(project: string, id: string): Promise<Watch | undefined> {
      const row = await this.postgres
        .updateTable<WatchTable>(table)
        .set({ deleted_at: new Date(), ...CHANGED })
        .where('project', '=', project)
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      return row && watchOf(row);
    }
  };
}
