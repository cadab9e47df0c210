import { Injectable } from '@nestjs/common';
import { queryUsage, USAGE_DIMENSIONS, type UsageDimension } from '#clickhouse';
import { ApiError } from '#http';
import { METERS, scopeEntries, US_DOLLARS } from '#meters';
import { DeadlinePassed, withDeadline } from '#platform';
import type { Budget } from '#watches';
import type { TimeWindow } from '#windows';
import { Engines } from '../engines/engines.js';
import { MOMENT_MAX_MS } from '../usage/moment.js';

const PATIENCE_MS = 1_000;

/** How much usage a budget on cost cannot see, because it has no price. */
@Injectable()
export class UnpricedUsage {
  constructor(private readonly engines: Engines) {}

  /**
   * Events without a price in the window of a budget. Null where it is nothing to a budget, costs more than a look into
   * the rollups, or ClickHouse does not answer within a second.
   */
  async count(budget: Budget, { startMs, endMs }: TimeWindow): Promise<bigint | null> {
    const filters = filtersOf(budget);
    if (METERS[budget.on].unit !== US_DOLLARS || filters === null) return null;
    const counting = () =>
      this.engines.clickhouse(async (clickhouse) => {
        const [total] = await queryUsage(clickhouse, {
          project: budget.project,
          windows: [{ from: startMs, to: Math.min(endMs, MOMENT_MAX_MS) }],
          groupBy: [],
          filters,
          limit: 1,
        });
        return total?.sums.unpriced_events ?? 0n;
      });
    try {
      return await withDeadline(counting, PATIENCE_MS, 'ClickHouse: no answer');
    } catch (error) {
      if (error instanceof ApiError || error instanceof DeadlinePassed) return null;
      throw error;
    }
  }
}

/** Null where the rollups lack a dimension. */
function filtersOf({ scope }: Budget): Map<UsageDimension, string[]> | null {
  const filters = new Map<UsageDimension, string[]>();
  for (const [name, value] of scopeEntries(scope)) {
    const dimension = USAGE_DIMENSIONS.find((one) => one === name);
    if (dimension === undefined || dimension === 'user') return null;
    filters.set(dimension, [value]);
  }
  return filters;
}
