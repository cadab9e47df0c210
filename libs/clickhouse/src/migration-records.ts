import type { ClickHouseClient } from './client.js';
import { type Deployment, renderStatement } from './deployment.js';
import type { Migration } from './read-migrations.js';

/** The database holds a migration that this version does not know, or knows with other content. */
export class SchemaRefused extends Error {}

/** The number under which a migration is recorded that ran to its end; its statements have those from 1. */
const WHOLE = 0;

const TABLE = `CREATE TABLE IF NOT EXISTS migrations \${on_cluster}
(
    name       String,
    statement  UInt16,
    checksum   FixedString(64),
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = \${replicated}MergeTree
ORDER BY (name, statement)`;

/** What ran in a database, statement by statement: a row each, and one more when the last of a migration has run. */
export class MigrationRecords {
  private readonly recorded = new Map<string, Map<number, string>>();

  private constructor(private readonly client: ClickHouseClient) {}

  static async read(client: ClickHouseClient, deployment: Deployment): Promise<MigrationRecords> {
    await client.command({ query: renderStatement(TABLE, deployment) });
    const records = new MigrationRecords(client);
    const answer = await client.query({
      query: 'SELECT name, statement, checksum FROM migrations',
      format: 'JSONCompactEachRow',
    });
    for (const [name, statement, checksum] of await answer.json<[string, number, string]>())
      records.remember(name, statement, checksum);
    return records;
  }

  /** @throws SchemaRefused when these migrations are not the ones that ran, or not all of them. */
  check(migrations: readonly Migration[]): void {
    const known = new Map(migrations.map((migration) => [migration.name, migration]));
    for (const [name, recorded] of this.recorded) {
      const migration = known.get(name);
      if (!migration)
        throw new SchemaRefused(
          `the ClickHouse database has migration ${name}, which this version does not know: run the version that brought it, or a newer one (--fresh would delete the data)`,
        );
      for (const [statement, checksum] of recorded) {
        const found = statement === WHOLE ? migration : migration.statements[statement - 1];
        if (found?.checksum !== checksum)
          throw new SchemaRefused(
            `the ClickHouse migration ${name} was changed after it ran: restore libs/clickhouse/migrations/${name}.sql, and make the change in a migration of its own`,
          );
      }
    }
  }

  hasRun({ name }: Migration, statement = WHOLE): boolean {
    return this.recorded.get(name)?.has(statement) ?? false;
  }

  /** Notes a statement, from 1, or the whole of a migration. */
  async note({ name, ...migration }: Migration, statement = WHOLE): Promise<void> {
    const { checksum } = statement === WHOLE ? migration : migration.statements[statement - 1]!;
    const values = [{ name, statement, checksum }];
    await this.client.insert({ table: 'migrations', values, format: 'JSONEachRow' });
    this.remember(name, statement, checksum);
  }

  private remember(name: string, statement: number, checksum: string): void {
    const statements = this.recorded.get(name) ?? new Map<number, string>();
    this.recorded.set(name, statements.set(statement, checksum));
  }
}
