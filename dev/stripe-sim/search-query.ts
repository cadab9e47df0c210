import { invalidParameter } from './api-error.js';
import { pageSizeOf } from './list-page.js';
import type { RequestParams } from './request-params.js';
import type { Metadata } from './tables.js';

interface SearchPage<T> {
  object: 'search_result';
  readonly data: T[];
  readonly has_more: boolean;
  readonly next_page: string | null;
  readonly url: string;
}

type Matcher = (row: Searchable) => boolean;
type Searchable = { readonly metadata: Metadata; readonly [field: string]: unknown };

const CLAUSE =
  /^\s*(?:metadata\[(["'])(?<key>[^"']+)\1\]|(?<field>[a-z_]+))\s*:\s*(["'])(?<value>(?:(?!\4).)*)\4\s*/;
const CONJUNCTION = /^AND\s+/i;

/**
 * Stripe's search, for equality on `fields` and on metadata, joined by AND. Other operators are refused.
 * The real search lags behind writes by up to minutes, so nothing may rest on it; here it is immediate.
 */
export function searchRows<T extends Searchable>(
  rows: readonly T[],
  fields: readonly string[],
  params: RequestParams,
  url: string,
): SearchPage<T> {
  const matchers = parseQuery(params.requiredText('query'), fields);
  const limit = pageSizeOf(params);
  const start = pageStart(params.text('page') ?? undefined);
  params.end();
  const found = rows.filter((row) => matchers.every((matches) => matches(row)));
  const end = start + limit;
  const hasMore = end < found.length;
  return {
    object: 'search_result',
    data: found.slice(start, end),
    has_more: hasMore,
    next_page: hasMore ? `page_${end}` : null,
    url,
  };
}

function parseQuery(query: string, fields: readonly string[]): Matcher[] {
  const matchers: Matcher[] = [];
  let rest = query;
  do {
    rest = rest.replace(CONJUNCTION, '');
    const match = CLAUSE.exec(rest);
    const { key, field, value } = match?.groups ?? {};
    if (match === null || (key === undefined && !fields.includes(field ?? ''))) {
      throw invalidParameter(
        'query',
        `Unsupported search: this simulator knows field:"value" on ${fields.join(', ')} and metadata, joined by AND.`,
      );
    }
    matchers.push((row) => (key === undefined ? row[field ?? ''] : row.metadata[key]) === value);
    rest = rest.slice(match[0].length);
  } while (CONJUNCTION.test(rest));
  if (rest !== '') throw invalidParameter('query', `Unsupported search, at: ${rest}`);
  return matchers;
}

function pageStart(page: string | undefined): number {
  if (page === undefined) return 0;
  const match = /^page_(\d{1,9})$/.exec(page);
  if (match === null) throw invalidParameter('page', `Invalid page: ${page}`);
  return Number(match[1]);
}
