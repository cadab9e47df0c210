import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectClickHouse, storedDays } from '#clickhouse';
import { APP_ROLES, type AppRole, connectPostgres, Projects } from '#postgres';
import { createDatabase } from '#postgres/writes';
import { TEST_SEALING_KEYS, testEngines } from '#testing';
import { repositoryRoot } from '../../dev/repository-root.js';

const run = promisify(execFile);
const engines = testEngines();
const database = `setup_test_${randomBytes(4).toString('hex')}`;

function setUp(databaseUrl: string, roles = ''): Promise<{ stdout: string }> {
  const env = {
    KAFKA_BROKERS: engines.kafkaBrokers.join(','),
    CLICKHOUSE_URL: engines.clickhouseUrl,
    CLICKHOUSE_DATABASE: database,
    DATABASE_URL: databaseUrl,
    DATABASE_ROLES: roles,
    SEALING_KEYS: TEST_SEALING_KEYS.join(','),
  };
  const script = join(repositoryRoot, 'dist', 'dev', 'setup.js');
  return run(process.execPath, [script], { env, timeout: 60_000 });
}

describe('the set-up of stores that run elsewhere', () => {
  const clickhouse = connectClickHouse({ url: engines.clickhouseUrl, database });
  let postgres = { databaseUrl: '', drop: () => Promise.resolve() };

  beforeAll(async () => {
    postgres = await createDatabase(engines.databaseUrl, database);
  });

  afterAll(async () => {
    await clickhouse.command({ query: `DROP DATABASE IF EXISTS ${database}` });
    await clickhouse.close();
    await postgres.drop();
  });

  it('makes tables that can be read, and finds them right at the next run', async () => {
    for (const round of ['first', 'second']) {
      const { stdout } = await setUp(postgres.databaseUrl);
      expect(`${round}: ${stdout}`).toBe(
        `${round}: tables and topics are what this version expects\n`,
      );
    }
    expect(await storedDays(clickhouse)).toEqual([]);
    const tables = connectPostgres(postgres.databaseUrl);
    try {
      expect(await new Projects(tables).find('nobody')).toBeFalsy();
    } finally {
      await tables.destroy();
    }
  });

  it('makes the roles of the apps that it is given a password for, others keep what they have', async () => {
    const as = (app: AppRole) => {
      const url = new URL(engines.databaseUrls[app]);
      url.pathname = `/${database}`;
      return url;
    };
    // Roles are of the whole server, which other tests share: the passwords stay what they are.
    await setUp(postgres.databaseUrl, `billing:,console:${as('console').password},aggregator:`);
    for (const app of APP_ROLES) {
      const role = connectPostgres(as(app).href, 1);
      const asked = role.selectFrom('stripe_writes').select('name').execute();
      if (app === 'billing') expect(await asked).toEqual([]);
      else await expect(asked).rejects.toThrow('permission denied for table stripe_writes');
      await role.destroy();
    }
    for (const wrong of ['console', 'pricing-worker:x', 'console:\u00fc'])
      await expect(setUp(postgres.databaseUrl, wrong)).rejects.toMatchObject({ code: 2 });
  });

  it('does no harm when several begin at once on stores that are empty', async () => {
    await clickhouse.command({ query: `DROP DATABASE IF EXISTS ${database} SYNC` });
    const name = `${database}_at_once`;
    const { databaseUrl, drop } = await createDatabase(engines.databaseUrl, name);
    try {
      const runs = await Promise.all([setUp(databaseUrl), setUp(databaseUrl), setUp(databaseUrl)]);
      expect(runs.map(({ stdout }) => stdout)).toEqual(
        Array(3).fill('tables and topics are what this version expects\n'),
      );
      const answer = await clickhouse.query({
        query: 'SELECT count(), uniqExact(name, statement) FROM migrations',
        format: 'JSONCompactEachRow',
      });
      // Each of the statements ran once: none is recorded twice.
      const [[records, different] = []] = await answer.json<[string, string]>();
      expect(Number(records)).toBeGreaterThan(0);
      expect(records).toBe(different);
    } finally {
      await drop();
    }
  });

  it('ends with status 2 and names every wrong variable', async () => {
    const failed = await setUp('not-a-url').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 2 });
    expect((failed as { stderr: string }).stderr).toContain('DATABASE_URL');
  });

  it('ends with status 1 when a store does not answer', async () => {
    const url = new URL(postgres.databaseUrl);
    url.pathname = '/nowhere';
    await expect(setUp(url.href)).rejects.toMatchObject({ code: 1 });
  });
});
