import { describe, expect, it } from '@jest/globals';
import { effectiveSettings } from './effective-settings.js';
import { requestLineOf } from './request-line.js';
import { setClause } from './set-clause.js';

const lineOf = (query: string, headers = {}) =>
  requestLineOf(new URL(`http://clickhouse/?${query}`), headers);

const BOUNDS = { seconds: { usual: 60, most: 600 }, resultBytes: { usual: 1000, most: 2000 } };

describe('requestLineOf', () => {
  it('puts every parameter where it belongs', () => {
    expect(
      lineOf('query=select+1&database=d&query_id=q&param_x=5&max_threads=2&wait_end_of_query=1'),
    ).toEqual({
      query: 'select 1',
      queryId: 'q',
      database: 'd',
      defaultFormat: 'TabSeparated',
      settings: new Map([['max_threads', '2']]),
      parameters: new Map([['x', '5']]),
    });
  });

  it.each([
    ['session_id=s', 48],
    ['role=r', 48],
    ['compress=1', 48],
    ['async_insert=1', 48],
    ['a%20b=1', 115],
    ['param_a%27=1', 36],
  ])('refuses %s with code %d', (query, code) => {
    expect(() => lineOf(query)).toThrow(expect.objectContaining({ code }));
  });
});

describe('effectiveSettings', () => {
  it('bounds time and result whatever was asked', () => {
    const secondsFor = (asked: [string, string][]) =>
      effectiveSettings(new Map(asked), false, BOUNDS).get('max_execution_time');
    expect(secondsFor([])).toBe('60');
    expect(secondsFor([['max_execution_time', '5']])).toBe('5');
    expect(secondsFor([['max_execution_time', '0']])).toBe('600');
    expect(secondsFor([['max_execution_time', '601']])).toBe('600');
    expect(secondsFor([['max_execution_time', 'long']])).toBe('600');
    expect(effectiveSettings(new Map(), false, BOUNDS).get('max_result_bytes')).toBe('1000');
  });

  it('forbids writes by GET, and keeps a stricter wish', () => {
    expect(effectiveSettings(new Map(), false, BOUNDS).get('readonly')).toBeUndefined();
    expect(effectiveSettings(new Map(), true, BOUNDS).get('readonly')).toBe('2');
    expect(effectiveSettings(new Map([['readonly', '1']]), true, BOUNDS).get('readonly')).toBe('1');
  });
});

describe('setClause', () => {
  it('quotes what comes from outside', () => {
    expect(setClause(new Map([['a', "1', b='2"]]), new Map([['p', 'x\\ty']]), 'd`; drop')).toBe(
      "SET a = '1\\', b=\\'2', param_p = 'x\\\\ty'; USE `d\\`; drop`",
    );
  });

  it('is empty when there is nothing to set', () => {
    expect(setClause(new Map(), new Map(), undefined)).toBe('');
  });
});
