import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testEngines } from '#testing';
import { applyMigrations } from './apply-migrations.js';
import { oneNode } from './deployment.js';
import { type ClickHouseClient, connectClickHouse } from './index.js';
import { SchemaRefused } from './migration-records.js';
import { type Migration, parseMigration } from './read-migrations.js';

const database = `test_${randomUUID().replaceAll('-', '')}`;
const FIRST = parseMigration(
  '0001_one',
  'CREATE TABLE IF NOT EXISTS one ${on_cluster} (n UInt8) ENGINE = ${replicated}MergeTree ORDER BY n;\nINSERT INTO one VALUES (1);\n',
);
const SECOND = parseMigration(
  '0002_two',
  'ALTER TABLE one ADD COLUMN IF NOT EXISTS m UInt8;\nALTER TABLE nowhere DROP COLUMN n;\n',
);
let client: ClickHouseClient;

const apply = (...migrations: Migration[]) =>
  applyMigrations(client, { migrations, deployment: oneNode });

beforeEach(async () => {
  client = connectClickHouse({ url: testEngines().clickhouseUrl, database });
  const outside = connectClickHouse({ url: testEngines().clickhouseUrl, database: 'default' });
  await outside.command({ query: `CREATE DATABASE ${database}` });
  await outside.close();
});

afterEach(async () => {
  await client.command({ query: `DROP DATABASE ${database} SYNC` });
  await client.close();
});

describe('what is recorded of migrations', () => {
  it('lets each statement run once, however often the migrations are applied', async () => {
    expect(await apply(FIRST)).toEqual(['0001_one']);
    expect(await apply(FIRST)).toEqual([]);
    const answer = await client.query({
      query: 'SELECT count() FROM one',
      format: 'JSONCompactEachRow',
    });
    expect(await answer.json()).toEqual([[1]]);
  });

  it('refuses a migration that this version does not know, by its name and with the way on', async () => {
    await apply(FIRST, parseMigration('0002_newer', 'SELECT 1;\n'));
    await expect(apply(FIRST)).rejects.toThrow(SchemaRefused);
    await expect(apply(FIRST)).rejects.toThrow(
      'the ClickHouse database has migration 0002_newer, which this version does not know: run the version that brought it, or a newer one',
    );
  });

  it.each([
    ['in a statement', 'INSERT INTO one VALUES (2)'],
    ['by another statement at its end', 'INSERT INTO one VALUES (1);\nSELECT 1'],
    ['by a statement that was taken away', ''],
    ['in a comment', '-- why\nINSERT INTO one VALUES (1)'],
  ])('refuses one that ran and was changed %s, before anything runs', async (_, second) => {
    await apply(FIRST);
    const [create] = FIRST.statements;
    const changed = parseMigration('0001_one', `${create?.sql};\n${second};\n`);
    const applied = apply(changed, parseMigration('0002_two', 'DROP TABLE one;\n'));
    await expect(applied).rejects.toThrow(SchemaRefused);
    await expect(applied).rejects.toThrow(
      'the ClickHouse migration 0001_one was changed after it ran: restore libs/clickhouse/migrations/0001_one.sql, and make the change in a migration of its own',
    );
    await client.command({ query: 'SELECT n FROM one FORMAT Null' });
  });

  it('lets a statement be mended that never ran to its end, and not those before it', async () => {
    await expect(apply(FIRST, SECOND)).rejects.toThrow('nowhere');
    const [, failed] = SECOND.statements;
    const changed = parseMigration('0002_two', `SELECT 1;\n${failed?.sql};\n`);
    await expect(apply(FIRST, changed)).rejects.toThrow('0002_two was changed after it ran');
    const mended = `${SECOND.statements[0]?.sql};\nALTER TABLE one DROP COLUMN IF EXISTS m;\n`;
    expect(await apply(FIRST, parseMigration('0002_two', mended))).toEqual(['0002_two']);
  });

  it('begins nothing once the process is no longer the only one at work', async () => {
    const stopped = AbortSignal.abort(new Error('the lock is lost'));
    const options = { migrations: [FIRST], deployment: oneNode, stopped };
    await expect(applyMigrations(client, options)).rejects.toThrow('the lock is lost');
  });

  it('waits for a statement that a killed process left running in the server', async () => {
    await client.command({
      query: 'CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n',
    });
    const orphan = client.command({
      query: 'INSERT INTO kept SELECT sleepEachRow(1) FROM numbers(3) SETTINGS max_block_size = 1',
      clickhouse_settings: { log_comment: 'migration 0001_one 1' },
    });
    const ends: string[] = [];
    const noted = orphan.then(() => ends.push('orphan'));
    // Until the server works on it.
    for (let seen = 0; seen === 0;) {
      const answer = await client.query({
        query:
          "SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE 'migration %' AND current_database = currentDatabase()",
        format: 'JSONCompactEachRow',
      });
      seen = Number((await answer.json<[string]>())[0]?.[0]);
    }
    await apply(FIRST).then(() => ends.push('migration'));
    await noted;
    expect(ends).toEqual(['orphan', 'migration']);
  });
});
