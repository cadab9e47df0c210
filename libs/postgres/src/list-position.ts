import { sql, type RawBuilder } from 'kysely';

/** The last row of a page; lists run from the newest to the oldest. */
export interface ListPosition {
  createdAt: Date;
  id: string;
}

export interface ListRequest {
  limit: number;
  after?: ListPosition | undefined;
}

/** Keeps what comes after `position` in an order by `created_at DESC, id DESC`. */
export function isAfter({ createdAt, id }: ListPosition): RawBuilder<boolean> {
  return sql<boolean>`(created_at, id) < (${createdAt}, ${id})`;
}
