import {
  type ClickHouseClient,
  readUsageExtents,
  readUsageHours,
  streamSliding,
  streamUsage,
} from '#clickhouse';
import type { StoredUsagePort } from '../../apps/aggregator/src/counting/counting.ports.js';

/** As the aggregator wires it. */
export function storedUsageOn(clickhouse: ClickHouseClient): StoredUsagePort {
  return {
    sums: (asked) => streamUsage(clickhouse, asked),
    slidingSums: (asked) => streamSliding(clickhouse, asked),
    hours: (project, fromMs) => readUsageHours(clickhouse, project, fromMs),
    extents: (asked) => readUsageExtents(clickhouse, asked),
  };
}
