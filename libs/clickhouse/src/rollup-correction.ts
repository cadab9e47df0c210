import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from './client.js';
import type { ComparedSlices } from './compared-slices.js';
import { refusedAfter } from './insert-deadlines.js';
import {
  differenceOf,
  differingSlices,
  type RollupDifference,
  ROLLUPS,
} from './rollup-comparison.js';

/**
 * Compares both rollups with `usage_raw` and inserts what differs, so that afterwards they agree.
 * Only right while nothing inserts usage: the caller holds the storing lock exclusively, since before `untilMs` was taken.
 */
export async function correctRollups(
  client: ClickHouseClient,
  slices: ComparedSlices,
  untilMs: number,
): Promise<RollupDifference[]> {
  const differences: RollupDifference[] = [];
  for (const rollup of ROLLUPS) {
    const rows = await differingSlices(client, rollup, slices);
    if (rows.length === 0) continue;
    await client.insert({
      table: rollup.table,
      values: rows,
      format: 'JSONEachRow',
      clickhouse_settings: {
        // Without a token of its own, a correction equal to an earlier one would be dropped as a repeat of it.
        insert_deduplication_token: `correction:${randomUUID()}`,
        ...refusedAfter(untilMs),
      },
    });
    differences.push(...rows.map((row) => differenceOf(rollup, row)));
  }
  return differences;
}
