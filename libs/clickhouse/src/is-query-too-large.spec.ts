import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it } from '@jest/globals';
import { isQueryTooLarge } from './is-clickhouse-outage.js';

const errorOf = (code: string) => new ClickHouseError({ code, type: 'T', message: 'm' });

describe('a question that asks for too much', () => {
  it.each(['159', '160', '241'])('is told by code %s', (code) => {
    expect(isQueryTooLarge(errorOf(code))).toBe(true);
  });

  it('is told by the client that waited no longer', () => {
    expect(isQueryTooLarge(new Error('Timeout error.'))).toBe(true);
  });

  it('is no server that is away, or full of others', () => {
    expect(isQueryTooLarge(errorOf('202'))).toBe(false);
    expect(isQueryTooLarge(new Error('connect ECONNREFUSED'))).toBe(false);
  });
});
