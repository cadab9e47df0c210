import { ClickHouseError } from '@clickhouse/client';

/** What the server says when it cannot answer now: too slow, too many queries, no memory, a table read-only or away. */
const PASSING = new Set(['159', '202', '209', '210', '241', '242', '319', '999']);

/** Whether a failed question may succeed later: the server was not reached, broke off, or said that it cannot now. */
export function isClickHouseOutage(error: unknown): boolean {
  if (error instanceof ClickHouseError) return PASSING.has(error.code);
  return !(error instanceof TypeError) && !(error instanceof RangeError);
}

/** Too slow, estimated too slow, no memory for it. */
const TOO_LARGE = new Set(['159', '160', '241']);

/** Whether a question asks for too much at once, so that a smaller one may be answered. */
export function isQueryTooLarge(error: unknown): boolean {
  return error instanceof ClickHouseError
    ? TOO_LARGE.has(error.code)
    : error instanceof Error && error.message.startsWith('Timeout error');
}
