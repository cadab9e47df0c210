import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';

export type { ClickHouseClient } from '@clickhouse/client';

export interface ClickHouseAddress {
  url: string;
  database: string;
  user?: string;
  password?: string;
}

const REQUEST_TIMEOUT_MS = 30_000;
const QUERY_SECONDS_MAX = 25;

/**
 * A client whose every request has a time limit on both sides.
 * Settings that exactness rests on are sent with each request, because their defaults differ between versions.
 */
export function connectClickHouse(
  { user, ...address }: ClickHouseAddress,
  connectionsMax = 8,
): ClickHouseClient {
  return createClient({
    ...address,
    username: user,
    max_open_connections: connectionsMax,
    request_timeout: REQUEST_TIMEOUT_MS,
    // Its errors are thrown, and logged by who asked; its own lines are not JSON.
    log: { level: ClickHouseLogLevel.OFF },
    keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    clickhouse_settings: {
      max_execution_time: QUERY_SECONDS_MAX,
      async_insert: 0,
      deduplicate_blocks_in_dependent_materialized_views: 1,
    },
  });
}
