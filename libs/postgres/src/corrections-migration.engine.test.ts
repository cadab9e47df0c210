import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testEngines } from '#testing';
import { createDatabase } from './writes.js';

const MIGRATIONS = new URL('../migrations/', import.meta.url);
const MINE = '0014_corrections.sql';

let client: pg.Client;
let drop: () => Promise<void>;

async function run(names: string[]): Promise<void> {
  for (const name of names) await client.query(await readFile(new URL(name, MIGRATIONS), 'utf8'));
}

/** A database as it was before, with what users had in it. */
beforeAll(async () => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const database = await createDatabase(testEngines().databaseUrl, name);
  ({ drop } = database);
  client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  const names = (await readdir(MIGRATIONS)).filter((each) => each.endsWith('.sql')).sort();
  await run(names.filter((each) => each < MINE));
  await client.query(`
    INSERT INTO projects (id, name) VALUES ('one', 'n'), ('two', 'n'), ('token', 'n'), ('gone', 'n'), ('none', 'n');
    INSERT INTO applications (project, id, name, model) VALUES ('token', 'app', 'n', 'm');
    INSERT INTO api_keys (id, project, application, name, scopes, secret_hash, revoked_at) VALUES
      ('k1', 'one', NULL, 'n', '{ingest}', '1', NULL),
      ('k2', 'two', NULL, 'n', '{ingest}', '2', NULL),
      ('k3', 'two', NULL, 'n', '{ingest}', '3', NULL),
      ('k4', 'token', 'app', 'n', '{ingest}', '4', NULL),
      ('k5', 'gone', NULL, 'n', '{ingest}', '5', now()),
      ('k6', 'gone', NULL, 'n', '{ingest}', '6', NULL);
    INSERT INTO invoices (id, project, customer, period, markup, stored_to)
      VALUES ('inv_1', 'one', 'acme', '2026-10', '1.2', '{}')`);
  await run([MINE]);
});

afterAll(async () => {
  await client.end();
  await drop();
});

describe('the migration to corrections', () => {
  it('leaves former ids to the sender of a project that never had another, revoked ones counted', async () => {
    const { rows } = await client.query('SELECT id, sole_sender FROM projects ORDER BY id');
    expect(rows).toEqual([
      { id: 'gone', sole_sender: null },
      { id: 'none', sole_sender: null },
      { id: 'one', sole_sender: 'key k1' },
      { id: 'token', sole_sender: 'application app' },
      { id: 'two', sole_sender: null },
    ]);
  });

  it("takes what was billed for the invoices of their periods, and one of each correction's number", async () => {
    const add = (id: string, correction: number) =>
      client.query(
        `INSERT INTO invoices (id, project, customer, period, correction, markup, stored_to)
         VALUES ($1, 'one', 'acme', '2026-10', $2, '1.2', '{}')`,
        [id, correction],
      );
    await expect(add('inv_2', 0)).rejects.toThrow('unique');
    await add('inv_3', 1);
    await expect(add('inv_4', 1)).rejects.toThrow('unique');
    const { rows } = await client.query('SELECT id, correction FROM invoices ORDER BY id');
    expect(rows).toEqual([
      { id: 'inv_1', correction: 0 },
      { id: 'inv_3', correction: 1 },
    ]);
  });
});
