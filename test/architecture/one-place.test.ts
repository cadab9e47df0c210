import { describe, expect, it } from '@jest/globals';
import { type Check, findText, isTest, readRepositoryFiles } from './repository-files.js';

const files = readRepositoryFiles();
const shipped = (path: string): boolean =>
  /^(apps|libs)\/(?!(testing|samples)\/).*[.]ts$/.test(path) && !isTest(path);

const findEnvironment: Check = (all) =>
  findText(
    all,
    (path) => shipped(path) && !path.startsWith('libs/platform/'),
    /process\s*([?]?[.]\s*env\b|\[\s*['"]env)|\{[^}]*\benv\b[^}]*\}\s*(from\s*'(node:)?process'|=\s*process\b)/,
  );

const SQL =
  /['"`]\s*(SELECT\s[^'"`]+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|(CREATE|ALTER|DROP|TRUNCATE)\s+(TABLE|VIEW|MATERIALIZED|DATABASE|INDEX)|WITH\s+\w+\s+AS\s*\()/i;

const findSql: Check = (all) =>
  findText(all, (path) => shipped(path) && !/^libs\/(clickhouse|postgres)\//.test(path), SQL);

const findLua: Check = (all) =>
  findText(
    all,
    (path) => shipped(path) && !path.startsWith('libs/redis/'),
    /\bredis[.]call\b|[.]eval(sha)?\(/i,
  );

describe('what has one place', () => {
  it('is the environment, in libs/platform', () => {
    const samples = [
      "const url = process.env['URL'];",
      "import { env } from 'node:process';",
      'const { env } = process;',
    ].map((text) => ({ path: 'apps/a/src/a.ts', text }));
    expect(findEnvironment(samples)).toHaveLength(samples.length);
    expect(findEnvironment(files)).toEqual([]);
  });

  it('is SQL, in libs/clickhouse and libs/postgres', () => {
    const samples = [
      "query('SELECT count() FROM usage_raw')",
      'query(`\n  insert into usage_raw values`)',
      "query('UPDATE plans SET a = 1')",
      "query('WITH days AS (SELECT 1)')",
    ].map((text) => ({ path: 'apps/a/src/a.ts', text }));
    expect(findSql(samples)).toHaveLength(samples.length);
    expect(findSql(files)).toEqual([]);
  });

  it('is Lua, in libs/redis', () => {
    const text = "client.eval('return redis.call(1)')";
    expect(findLua([{ path: 'libs/access/src/a.ts', text }])).toHaveLength(2);
    expect(findLua(files)).toEqual([]);
  });
});
