import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { testEngines } from '#testing';
import { connectPostgres } from './index.js';
import { createDatabase } from './writes.js';

describe('connectPostgres', () => {
  it('survives that the server breaks off a connection in use: its next statement fails', async () => {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    const { databaseUrl, drop } = await createDatabase(testEngines().databaseUrl, name);
    const postgres = connectPostgres(databaseUrl, 1);
    const broken = postgres.transaction().execute(async (transaction) => {
      await sql`SELECT 1`.execute(transaction);
      await drop();
      await sql`SELECT 1`.execute(transaction);
    });
    await expect(broken).rejects.toThrow();
    await postgres.destroy();
  });
});
