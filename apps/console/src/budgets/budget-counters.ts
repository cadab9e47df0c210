import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { streamUsage } from '#clickhouse';
import { USAGE_PARTITIONS } from '#contracts';
import { ApiError } from '#http';
import { type CounterSum, type CounterSumsRequest, readCounterSums, scanCounterKeys } from '#redis';
import type { Budget, CompiledBudget, CountedSpan } from '#watches';
import { Engines } from '../engines/engines.js';
import { type AskedKeys, lowestKeys } from './lowest-keys.js';

/** No cluster has this name: of none, positions are left out. */
const NO_CLUSTER = '';
const KEYS_AT_ONCE = 1_000;

/** Amounts of a budget's counters: pico-dollars of cost, else whole counts. */
@Injectable()
export class BudgetCounters {
  constructor(private readonly engines: Engines) {}

  /**
   * Of these counters, by canonical JSON of their keys; counters without usage are missing. From Redis, or summed from what is
   * stored while Redis is away or does not hold all of it: then of all counters. Null when neither can say.
   */
  async read(
    compiled: CompiledBudget,
    span: CountedSpan,
    keys: readonly string[],
  ): Promise<Map<string, bigint> | null> {
    const request = requestOf(compiled, span);
    const counted = await this.engines.redis((redis) => readCounterSums(redis, request, keys));
    return counted === null ? this.sumStored(compiled.budget, span) : amountsOf(counted);
  }

  /**
   * The same of the lowest keys that are asked for. To know which those are takes a look at every key; but neither Redis nor
   * this process is held by more of them than a slice at a time.
   */
  async readLowest(
    compiled: CompiledBudget,
    span: CountedSpan,
    asked: AskedKeys,
  ): Promise<Map<string, bigint> | null> {
    const request = requestOf(compiled, span);
    const counted = await this.engines.redis(async (redis) => {
      if ((await readCounterSums(redis, request, [])) === null) return null;
      const keys = await lowestKeys(scanCounterKeys(redis, request), asked);
      return readCounterSums(redis, request, keys);
    });
    if (counted !== null) return amountsOf(counted);
    const stored = await this.sumStored(compiled.budget, span);
    if (stored === null) return null;
    const keys = await lowestKeys(slicesOf(stored.keys()), asked);
    return new Map(keys.map((key) => [key, stored.get(key)!]));
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
      return await this.engines.clickhouse(async (clickhouse) => {
        const amounts = new Map<string, bigint>();
        for await (const placed of streamUsage(clickhouse, asked)) {
          for (const { sum, places } of placed) {
            if (places.length === 0) continue;
            amounts.set(sum.key, (amounts.get(sum.key) ?? 0n) + sum.amount);
          }
        }
        return amounts;
      });
    } catch (error) {
      // Also away: there is nothing to say, which the answer says.
      if (error instanceof ApiError) return null;
      throw error;
    }
  }
}

function requestOf(
  { budget, definition }: CompiledBudget,
  { windowStarts }: CountedSpan,
): CounterSumsRequest {
  return { project: budget.project, definition, windowStarts, partitions: USAGE_PARTITIONS };
}

function amountsOf(sums: ReadonlyMap<string, CounterSum>): Map<string, bigint> {
  return new Map([...sums].map(([key, { amount }]) => [key, amount]));
}

/** Others have their turn between two slices. */
async function* slicesOf(keys: Iterable<string>): AsyncGenerator<string[], void, void> {
  let slice: string[] = [];
  for (const key of keys) {
    slice.push(key);
    if (slice.length < KEYS_AT_ONCE) continue;
    yield slice;
    await turn();
    slice = [];
  }
  yield slice;
}
