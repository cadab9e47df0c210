import type { SetAsideItem, SetAsideList } from '#clickhouse';
import { readCursor, writeCursor } from './cursor.js';
import type { Page } from './newest-first.js';
import type { SetAsideQueryDto } from './set-aside-query.dto.js';

const LIMIT = 50;
/** The id of a Kafka cluster. */
const CLUSTER = /^[\w-]{1,64}$/;
type Position = NonNullable<SetAsideList['after']>;

/** One page of what was set aside, the newest first. */
export async function setAsidePage<T>(
  { limit = LIMIT, cursor }: SetAsideQueryDto,
  list: (request: Pick<SetAsideList, 'limit' | 'after'>) => Promise<SetAsideItem[]>,
  show: (item: SetAsideItem) => T,
): Promise<Page<T>> {
  const after = cursor === undefined ? undefined : readCursor(cursor, isPosition);
  const items = await list({ limit: limit + 1, after });
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(show),
    next_cursor: items.length > limit && last ? writeCursor(positionOf(last)) : null,
  };
}

function positionOf({ cluster, partition, offset, index, appended_at_ms }: SetAsideItem): Position {
  return { cluster, partition, offset, index, appended_at_ms };
}

function isPosition(value: unknown): value is Position {
  const { cluster, partition, offset, index, appended_at_ms, ...more } = (value ??
    {}) as Partial<Position>;
  return (
    typeof cluster === 'string' &&
    CLUSTER.test(cluster) &&
    isWhole(partition, 65_535) &&
    isDigits(offset) &&
    isWhole(index, 4_294_967_295) &&
    isDigits(appended_at_ms) &&
    Object.keys(more).length === 0
  );
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,15}$/.test(value);
}
