import { isClickHouseOutage } from '#clickhouse';
import { isPostgresOutage } from '#postgres';
import { isRedisOutage } from '#redis';

/**
 * Whether something failed for want of a store; anything else is a fault of what was worked on, or of the code. Each
 * store knows its own faults and takes every other error for an outage, so one that none of them knows is one.
 */
export function isStoreOutage(error: unknown): boolean {
  return isRedisOutage(error) && isClickHouseOutage(error) && isPostgresOutage(error);
}
