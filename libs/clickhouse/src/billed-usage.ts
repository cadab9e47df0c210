import { picoFromDecimal } from '#money';
import type { ClickHouseClient } from './client.js';

/** What one customer of a project used of one model in a period. */
export interface BilledUsage {
  /** Null for usage that names no customer. */
  customer: string | null;
  provider: string | null;
  model: string | null;
  events: number;
  unpricedEvents: number;
  /** Pico-dollars; unpriced events add nothing. */
  costPico: bigint;
}

type Row = [
  customer: string | null,
  provider: string | null,
  model: string | null,
  events: string,
  unpriced: string,
  cost: string,
];

/**
 * Sums a project's usage in `[start, end)` from the raw events, each of which is stored once; never from rollups.
 * The sums are exact: ClickHouse adds decimals of twelve places and they travel as text.
 */
export async function sumBilledUsage(
  client: ClickHouseClient,
  { project, start, end }: { project: string; start: Date; end: Date },
): Promise<BilledUsage[]> {
  const answer = await client.query({
    query: `
      SELECT customer, provider, model, toString(count()), toString(countIf(cost_state = 'unpriced')), toString(sum(cost))
      FROM usage_raw
      WHERE project = {project:String}
        AND event_time >= fromUnixTimestamp64Milli({start:Int64}, 'UTC')
        AND event_time < fromUnixTimestamp64Milli({end:Int64}, 'UTC')
      GROUP BY customer, provider, model`,
    query_params: { project, start: start.getTime(), end: end.getTime() },
    format: 'JSONCompactEachRow',
  });
  const rows = await answer.json<Row>();
  return rows.map(([customer, provider, model, events, unpriced, cost]) => ({
    customer,
    provider,
    model,
    events: Number(events),
    unpricedEvents: Number(unpriced),
    costPico: exactPico(cost),
  }));
}

function exactPico(text: string): bigint {
  const pico = picoFromDecimal(text);
  if (pico === null) throw new Error(`not a cost in dollars: ${text}`);
  return pico;
}
