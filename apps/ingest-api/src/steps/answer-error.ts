import { errorBody } from '#http';
import type { Refusal } from './reading.js';

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What every dialect may be refused for as a whole, where it is not a plain 400. */
const STATUSES: Record<string, number> = {
  body_too_large: 413,
  event_too_large: 413,
  too_many_events: 413,
  unsupported_encoding: 415,
  rate_limited: 429,
  overloaded: 503,
  not_recorded: 503,
};

export const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

const HEADERS: Record<number, Answer['headers']> = {
  503: { 'retry-after': '1', ...JSON_HEADERS },
};

/** The platform's own shape of an error, for every dialect that has no other. */
export function answerError(
  { code, message, field, detail = message }: Refusal,
  requestId: string,
  status = STATUSES[code] ?? 400,
): Answer {
  const details = field === null ? [] : [{ field, message: detail }];
  const body = JSON.stringify(errorBody(code, message, requestId, details));
  return { status, headers: HEADERS[status] ?? JSON_HEADERS, body };
}
