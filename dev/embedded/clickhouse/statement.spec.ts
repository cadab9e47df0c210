import { describe, expect, it } from '@jest/globals';
import type { ClickHouseException } from './clickhouse-exception.js';
import { statementOf } from './statement.js';

function codeOf(sql: string): number | undefined {
  try {
    statementOf(sql, 600);
    return undefined;
  } catch (error) {
    return (error as ClickHouseException).code;
  }
}

describe('statementOf', () => {
  it('strips what surrounds one statement', () => {
    expect(statementOf('/* a */ select 1 ; -- b', 600)).toEqual({
      sql: 'select 1',
      verb: 'SELECT',
      format: undefined,
    });
  });

  it('finds the output format, and not a column of that name', () => {
    expect(statementOf('select 1 FORMAT JSON SETTINGS a=1;', 600).format).toBe('JSON');
    expect(statementOf('select (select 1 format CSV)', 600).format).toBeUndefined();
    expect(statementOf("select 'format CSV'", 600).format).toBeUndefined();
  });

  it('refuses nothing, several statements and what is no statement', () => {
    expect(codeOf(' -- only a comment')).toBe(62);
    expect(codeOf(';')).toBe(62);
    expect(codeOf('select 1; select 2')).toBe(62);
    expect(codeOf('exit')).toBe(62);
    expect(codeOf("select ';'; ;")).toBeUndefined();
  });

  it.each([
    'KILL QUERY WHERE 1',
    'set max_threads = 1',
    'USE system',
    'CREATE USER u',
    'ALTER SETTINGS PROFILE p',
    'DROP ROW POLICY p ON t',
    'GRANT SELECT ON *.* TO u',
    'SYSTEM SHUTDOWN',
    "select 1 INTO\nOUTFILE '/tmp/x'",
    "INSERT INTO t FROM INFILE '/tmp/x' FORMAT CSV",
    "INSERT INTO t SELECT a FROM input('a Int8') FORMAT CSV",
    'INSERT INTO t SETTINGS async_insert=1 FORMAT CSV',
  ])('refuses %s as not supported', (sql) => {
    expect(codeOf(sql)).toBe(48);
  });

  it('lets a statement lower its own time limit and not lift it', () => {
    expect(codeOf('select 1 settings max_execution_time=5')).toBeUndefined();
    expect(codeOf('select 1 settings max_execution_time=0')).toBe(452);
    expect(codeOf('select 1 settings max_execution_time=601')).toBe(452);
  });
});
