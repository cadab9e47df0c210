import { describe, expect, it } from '@jest/globals';
import { ClickHouseException } from './clickhouse-exception.js';
import { httpStatusOf } from './http-status.js';

describe('ClickHouseException', () => {
  it('takes code and text from the engine', () => {
    const exception = ClickHouseException.from(
      new Error('Query failed: Code: 60. DB::Exception: no such table. (UNKNOWN_TABLE)'),
    );
    expect(exception.code).toBe(60);
    expect(exception.message).toBe('Code: 60. DB::Exception: no such table. (UNKNOWN_TABLE)');
  });

  it('gives an error without a code one that clients can read', () => {
    expect(ClickHouseException.from(new Error('lost')).message).toBe(
      'Code: 1002. DB::Exception: lost (UNKNOWN_EXCEPTION)',
    );
  });
});

describe('httpStatusOf', () => {
  it.each([
    [62, 400],
    [516, 403],
    [60, 404],
    [81, 404],
    [159, 408],
    [229, 413],
    [164, 500],
    [48, 501],
    [202, 503],
  ])('answers code %d with status %d', (code, status) => {
    expect(httpStatusOf(code)).toBe(status);
  });
});
