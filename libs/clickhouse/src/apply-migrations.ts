import { setTimeout as delay } from 'node:timers/promises';
import type { ClickHouseClient } from './client.js';
import { type Deployment, renderStatement } from './deployment.js';
import { MigrationRecords } from './migration-records.js';
import type { Migration } from './read-migrations.js';

export interface Application {
  migrations: readonly Migration[];
  deployment: Deployment;
  /** Raised when this process is no longer the only one at work: the next statement does not begin. */
  stopped?: AbortSignal;
}

const PAUSE_MS = 250;
/** By which a statement is known in the server. */
const MARK = 'migration';

/**
 * Runs what has not run, in order, and gives the names of the migrations that it brought to their end.
 *
 * ClickHouse has no transactions, so a start can end between any two statements. Each is recorded by itself, since a sequence that
 * makes a table, fills it and changes it for another cannot begin again at its first. And each does no harm when it runs twice in a row,
 * since the end can come between a statement and its record.
 * @throws SchemaRefused when the database knows other migrations than these.
 */
export async function applyMigrations(
  client: ClickHouseClient,
  { migrations, deployment, stopped }: Application,
): Promise<string[]> {
  await endOfOrphans(client, stopped);
  const records = await MigrationRecords.read(client, deployment);
  records.check(migrations);
  const missing = migrations.filter((migration) => !records.hasRun(migration));
  for (const migration of missing) {
    for (const [index, { sql }] of migration.statements.entries()) {
      const statement = index + 1;
      if (records.hasRun(migration, statement)) continue;
      stopped?.throwIfAborted();
      await client.command({
        query: renderStatement(sql, deployment),
        clickhouse_settings: { log_comment: `${MARK} ${migration.name} ${statement}` },
      });
      await records.note(migration, statement);
    }
    await records.note(migration);
  }
  return missing.map(({ name }) => name);
}

/** A statement goes on in the server when the process is gone that sent it; it would meet its own repetition. */
async function endOfOrphans(client: ClickHouseClient, stopped?: AbortSignal): Promise<void> {
  for (;;) {
    stopped?.throwIfAborted();
    const answer = await client.query({
      query: `SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE '${MARK} %' AND current_database = currentDatabase()`,
      format: 'JSONCompactEachRow',
    });
    const [row] = await answer.json<[string]>();
    if (Number(row?.[0]) === 0) return;
    await delay(PAUSE_MS);
  }
}
