import { invalidParameter, noSuchObject } from './api-error.js';
import type { RequestParams } from './request-params.js';

/** A page of Stripe's lists. */
export interface ListPage<T> {
  object: 'list';
  readonly data: T[];
  readonly has_more: boolean;
  readonly url: string;
}

export const pageSizeOf = (params: RequestParams): number => {
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100)
    throw invalidParameter('limit', 'Invalid integer: limit must be between 1 and 100.');
  return limit;
};

/**
 * Reads `limit`, `starting_after` and `ending_before` and cuts the page out of `rows`, which are in list order.
 * `ending_before` gives the rows just before the cursor, still in list order, and `has_more` speaks of those further back.
 */
export function cutPage<T extends { id: string }>(
  rows: readonly T[],
  params: RequestParams,
  url: string,
): ListPage<T> {
  const limit = pageSizeOf(params);
  const after = params.text('starting_after') ?? undefined;
  const before = params.text('ending_before') ?? undefined;
  if (after !== undefined && before !== undefined) {
    throw invalidParameter(
      'ending_before',
      'Received both starting_after and ending_before parameters. Please pass in only one.',
    );
  }
  if (before !== undefined) {
    const end = positionOf(rows, before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: rows.slice(start, end), has_more: start > 0, url };
  }
  const start = after === undefined ? 0 : positionOf(rows, after, 'starting_after') + 1;
  return {
    object: 'list',
    data: rows.slice(start, start + limit),
    has_more: start + limit < rows.length,
    url,
  };
}

function positionOf(rows: readonly { id: string }[], id: string, param: string): number {
  const position = rows.findIndex((row) => row.id === id);
  if (position === -1) throw noSuchObject('object', id, param);
  return position;
}

/** Reads `created`, an exact second or a range of `gt`, `gte`, `lt`, `lte`, as a filter. */
export function createdFilter(params: RequestParams): (row: { created: number }) => boolean {
  if (!params.has('created')) return () => true;
  const range = params.map('created');
  const [gt, gte, lt, lte] = (['gt', 'gte', 'lt', 'lte'] as const).map((bound) =>
    range?.integer(bound),
  );
  range?.end();
  return ({ created }) =>
    created > (gt ?? -Infinity) &&
    created >= (gte ?? -Infinity) &&
    created < (lt ?? Infinity) &&
    created <= (lte ?? Infinity);
}
