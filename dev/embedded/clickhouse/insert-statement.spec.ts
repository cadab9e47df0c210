import { describe, expect, it } from '@jest/globals';
import { insertOfRows } from './insert-statement.js';

function apart(sql: string): string[] | undefined {
  const insert = insertOfRows(sql);
  return insert && [insert.head, insert.tail, sql.slice(insert.dataStart)];
}

describe('insertOfRows', () => {
  it('finds the rows behind FORMAT, dropping blanks and one line end', () => {
    expect(apart('INSERT INTO t FORMAT TSV \n\n1')).toEqual([
      'INSERT INTO t ',
      'FORMAT TSV',
      '\n1',
    ]);
  });

  it('names the source of the rows before SETTINGS', () => {
    expect(apart('insert into d.t (a, b) settings x=1 format RowBinary')).toEqual([
      'insert into d.t (a, b) ',
      'settings x=1 format RowBinary',
      '',
    ]);
  });

  it('turns VALUES into the format of that name', () => {
    expect(apart("INSERT INTO t SETTINGS x=1 VALUES (1, ';'), (2, '')")).toEqual([
      'INSERT INTO t ',
      'SETTINGS x=1 FORMAT Values',
      " (1, ';'), (2, '')",
    ]);
  });

  it('does not take names for clauses', () => {
    expect(apart('INSERT INTO TABLE values.format (settings, values) FORMAT CSV\n1,2')).toEqual([
      'INSERT INTO TABLE values.format (settings, values) ',
      'FORMAT CSV',
      '1,2',
    ]);
    expect(apart('INSERT INTO `a``b`.`FORMAT` FORMAT CSV')?.[1]).toBe('FORMAT CSV');
  });

  it('knows inserts that bring no rows', () => {
    expect(apart('INSERT INTO t SELECT 1')).toBeUndefined();
    expect(apart('INSERT INTO t (a) WITH 1 AS x SELECT x')).toBeUndefined();
    expect(apart("INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV")).toBeUndefined();
    expect(apart('INSERT INTO t')).toBeUndefined();
  });
});
