import { picoFromDecimal } from '#money';
import { type BilledPiece, cutPeriod, type UsagePeriod } from './billed-pieces.js';
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
 * Sums a project's usage in `[start, end)` from the raw events, never from rollups: of every identity one row, the one that the
 * audit would leave, so that a row that was stored again is not billed before the audit has found it.
 * The sums are exact: ClickHouse adds decimals of twelve places and they travel as text.
 */
export async function sumBilledUsage(
  client: ClickHouseClient,
  period: UsagePeriod,
): Promise<BilledUsage[]> {
  const sums = new Map<string, BilledUsage>();
  for (const piece of await cutPeriod(client, period)) {
    for (const usage of await sumPiece(client, piece)) addTo(sums, usage);
  }
  return [...sums.values()];
}

async function sumPiece(
  client: ClickHouseClient,
  { project, start, end, part: { at, of } }: BilledPiece,
): Promise<BilledUsage[]> {
  const answer = await client.query({
    query: `
      SELECT customer, provider, model, toString(count()), toString(countIf(cost_state = 'unpriced')), toString(sum(cost))
      FROM (
        SELECT customer, provider, model, cost_state, cost FROM usage_raw
        WHERE project = {project:String}
          AND event_time >= fromUnixTimestamp64Milli({start:Int64}, 'UTC')
          AND event_time < fromUnixTimestamp64Milli({end:Int64}, 'UTC')
          AND reinterpretAsUInt64(identity) % {parts:UInt32} = {part:UInt32}
        ORDER BY identity, received_at, origin_partition, origin_offset, origin_index
        LIMIT 1 BY identity
      )
      GROUP BY customer, provider, model`,
    query_params: { project, start: start.getTime(), end: end.getTime(), parts: of, part: at },
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

function addTo(sums: Map<string, BilledUsage>, usage: BilledUsage): void {
  const name = JSON.stringify([usage.customer, usage.provider, usage.model]);
  const known = sums.get(name);
  if (!known) {
    sums.set(name, usage);
    return;
  }
  known.events += usage.events;
  known.unpricedEvents += usage.unpricedEvents;
  known.costPico += usage.costPico;
}

function exactPico(text: string): bigint {
  const pico = picoFromDecimal(text);
  if (pico === null) throw new Error(`not a cost in dollars: ${text}`);
  return pico;
}
