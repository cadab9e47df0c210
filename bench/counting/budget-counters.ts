import type { ClickHouseClient } from '#clickhouse';
import { canonicalJson, TOPICS } from '#contracts';
import { picoFromDecimal } from '#money';
import type { NewBudget } from '#postgres';
import { readCounterSums, type Redis } from '#redis';
import { compileBudget } from '#watches';
import { windowOf } from '#windows';

const PARTITIONS = TOPICS.usageRecorded.partitions;

/** Sums of an hour, a customer and a model: every window of the bench's budgets is made of whole hours. */
interface Cell {
  atMs: number;
  customer: string;
  model: string;
  cost: bigint;
  tokens: bigint;
  requests: bigint;
}

/** Whether every partition holds what was stored before the budgets were there. */
export async function isSeeded(budgets: NewBudget[], redis: Redis): Promise<boolean> {
  const readings = await Promise.all(budgets.map((budget) => read(budget, redis, 0)));
  return readings.every((sums) => sums !== null);
}

/** Holds every counter of every budget against ClickHouse. Returns how many there are; throws at the first that differs. */
export async function assertCountersRight(
  budgets: NewBudget[],
  { client, redis }: { client: ClickHouseClient; redis: Redis },
): Promise<number> {
  const cells = await cellsOf(client, budgets[0]!.project);
  let checked = 0;
  for (const budget of budgets) {
    const expected = new Map<number, Map<string, bigint>>();
    for (const cell of cells) {
      const { customer, model } = budget.scope;
      if (customer !== undefined && customer !== cell.customer) continue;
      if (model !== undefined && model !== cell.model) continue;
      const { startMs } = windowOf(budget.window, cell.atMs);
      const key = canonicalJson(budget.per.length > 0 ? { customer: cell.customer } : {});
      const counters = expected.get(startMs) ?? new Map<string, bigint>();
      expected.set(startMs, counters);
      const amount = cell[budget.on as 'cost' | 'tokens' | 'requests'];
      counters.set(key, (counters.get(key) ?? 0n) + amount);
    }
    for (const [startMs, counters] of expected) {
      const found = await read(budget, redis, startMs);
      if (found === null) throw new Error(`${budget.id} does not hold all that is stored`);
      for (const [key, amount] of counters) {
        const held = found.get(key)?.amount;
        if (held !== amount)
          throw new Error(`${budget.id} ${key} is ${held} and should be ${amount}`);
      }
      if (found.size !== counters.size) throw new Error(`${budget.id} counts what it should not`);
      checked += found.size;
    }
  }
  return checked;
}

function read(budget: NewBudget, redis: Redis, windowStartMs: number) {
  const { definition } = compileBudget({
    ...budget,
    change: 0n,
    arming: 1,
    armed_at: '',
    created_at: '',
    deleted_at: null,
  });
  const { project } = budget;
  const request = { project, definition, windowStarts: [windowStartMs], partitions: PARTITIONS };
  return readCounterSums(redis, request, null);
}

async function cellsOf(client: ClickHouseClient, project: string): Promise<Cell[]> {
  const answer = await client.query({
    query: `
      SELECT toString(toUnixTimestamp(toStartOfHour(event_time))), customer, model, toString(sum(cost)),
        toString(sum(input_tokens) + sum(output_tokens)), toString(sum(requests))
      FROM usage_raw WHERE project = {project:String}
      GROUP BY toStartOfHour(event_time), customer, model`,
    query_params: { project },
    format: 'JSONCompactEachRow',
  });
  const rows = await answer.json<[string, string, string, string, string, string]>();
  return rows.map(([at, customer, model, cost, tokens, requests]) => ({
    atMs: Number(at) * 1_000,
    customer,
    model,
    cost: picoFromDecimal(cost)!,
    tokens: BigInt(tokens),
    requests: BigInt(requests),
  }));
}
