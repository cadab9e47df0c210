import { type SelectQueryBuilder, sql } from 'kysely';

/** The last row of a page; lists run from the newest to the oldest. */
export interface ListPosition {
  createdAt: Date;
  id: string;
}

export interface ListRequest {
  limit: number;
  after?: ListPosition | undefined;
}

/** A page of `rows` from the newest to the oldest, by `created_at` and `id`. */
export function pageOf<DB, TB extends keyof DB, Row>(
  rows: SelectQueryBuilder<DB, TB, Row>,
  { limit, after }: ListRequest,
) {
  const page = rows
    .orderBy(sql`created_at`, 'desc')
    .orderBy(sql`id`, 'desc')
    .limit(limit);
  if (!after) return page.execute();
  const { createdAt, id } = after;
  return page.where(sql<boolean>`(created_at, id) < (${createdAt}, ${id})`).execute();
}
