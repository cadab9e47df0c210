import type { ListRequest } from '#postgres';
import { readCursor, writeCursor } from './cursor.js';
import { LIST_LIMIT, type ListQueryDto } from './list-query.dto.js';

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** One page of a list that runs from the newest to the oldest. One row more than asked for tells whether there is another. */
export async function newestFirst<Row extends { id: string; created_at: Date }, T>(
  { limit = LIST_LIMIT, cursor }: ListQueryDto,
  list: (request: ListRequest) => Promise<Row[]>,
  show: (row: Row) => T,
): Promise<Page<T>> {
  const after = cursor === undefined ? undefined : positionOf(readCursor(cursor, isPosition));
  const rows = await list({ limit: limit + 1, after });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(show),
    next_cursor:
      rows.length > limit && last ? writeCursor([last.created_at.getTime(), last.id]) : null,
  };
}

function isPosition(value: unknown): value is [number, string] {
  return (
    Array.isArray(value) &&
    Number.isSafeInteger(value[0]) &&
    Math.abs(Number(value[0])) < 8.64e15 &&
    typeof value[1] === 'string' &&
    !value[1].includes('\0')
  );
}

function positionOf([createdAtMs, id]: [number, string]) {
  return { createdAt: new Date(createdAtMs), id };
}
