import { Injectable } from '@nestjs/common';
import { sumUsage } from '#clickhouse';
import { USAGE_PARTITIONS } from '#contracts';
import { ApiError } from '#http';
import { readCounterSums } from '#redis';
import type { Budget, CompiledBudget, CountedSpan } from '#watches';
import { Engines } from '../engines/engines.js';

/** No cluster has this name: of none, positions are left out. */
const NO_CLUSTER = '';

/** Amounts of a budget's counters: pico-dollars of cost, else whole counts. */
@Injectable()
export class BudgetCounters {
  constructor(private readonly engines: Engines) {}

  /**
   * By canonical JSON of the counter key; counters without usage are missing. From Redis, or summed from what is stored
   * while Redis is away or does not hold all of it. Null when neither can say. `keys` null asks for all.
   */
  async read(
    { budget, definition }: CompiledBudget,
    span: CountedSpan,
    keys: readonly string[] | null,
  ): Promise<Map<string, bigint> | null> {
    const request = {
      project: budget.project,
      definition,
      windowStarts: span.windowStarts,
      partitions: USAGE_PARTITIONS,
    };
    const counted = await this.engines.redis((redis) => readCounterSums(redis, request, keys));
    if (counted === null) return this.sumStored(budget, span);
    return new Map([...counted].map(([key, { amount }]) => [key, amount]));
  }

  private async sumStored(
    { project, on, scope, per }: Budget,
    { startMs, endMs }: CountedSpan,
  ): Promise<Map<string, bigint> | null> {
    const asked = Array.from({ length: USAGE_PARTITIONS }, (_, partition) => ({
      project,
      on,
      scope,
      per,
      windows: [{ startMs, endMs }],
      partition,
      cluster: NO_CLUSTER,
      from: null,
      below: 0n,
    }));
    try {
      const sums = await this.engines.clickhouse((clickhouse) => sumUsage(clickhouse, asked));
      const amounts = new Map<string, bigint>();
      for (const { key, amount } of sums.flat())
        amounts.set(key, (amounts.get(key) ?? 0n) + amount);
      return amounts;
    } catch (error) {
      // Also away: there is nothing to say, which the answer says.
      if (error instanceof ApiError) return null;
      throw error;
    }
  }
}
