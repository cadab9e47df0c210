import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import { TOPICS } from '#contracts';
import { ClusterView } from '#kafka';
import { createLogger } from '#platform';
import type { Platform } from '../../dev/platform/platform.js';
import type { Figure } from '../measure.js';
import { rateOfInsertsAlone } from './inserts-alone.js';
import { type IdKind, recordEvents } from './recorded-load.js';
import { ratesOf, recordsIn, storedRows } from './stage-progress.js';

/**
 * Pricing and aggregation one after the other over the same events, each alone with its engines, then ClickHouse's own
 * rate for the very same rows into the same tables. Every event must be stored with its cost before a figure is given.
 */
export async function benchStages(
  platform: Platform,
  events: number,
  kind: IdKind,
): Promise<Figure[]> {
  const { kafkaBrokers, clickhouseUrl, clickhouseDatabase } = platform.surroundings.engines;
  const logger = createLogger('bench', 'silent');
  const view = new ClusterView({ app: 'bench', brokers: [kafkaBrokers], logger });
  const client = connectClickHouse({ url: clickhouseUrl, database: clickhouseDatabase });
  try {
    for (const app of ['pricing-worker', 'aggregator'] as const) await platform.stopProcess(app);
    const rowsBefore = await storedRows(client);
    const recordsBefore = await recordsIn(view, TOPICS.usagePriced.name);
    await recordEvents(kafkaBrokers, { events, kind, project: 'demo', customers: 50 });
    const records = (await recordsIn(view, TOPICS.usageRecorded.name)) - recordsBefore;

    const pricing = await ratesOf(
      platform,
      'pricing-worker',
      events,
      async () => ((await recordsIn(view, TOPICS.usagePriced.name)) - recordsBefore) / records,
    );
    await platform.stopProcess('pricing-worker');
    const aggregation = await ratesOf(
      platform,
      'aggregator',
      events,
      async () => ((await storedRows(client)) - rowsBefore) / events,
    );
    await platform.stopProcess('aggregator');
    await assertAllPriced(client, rowsBefore + events);
    const alone = await rateOfInsertsAlone(client, { url: clickhouseUrl, rows: events });
    return [
      { name: `pricing, ${kind}`, value: pricing.perCpuSecond, unit: 'events/CPU s' },
      { name: `pricing, ${kind}`, value: pricing.perSecond, unit: 'events/s' },
      { name: `aggregation, ${kind}`, value: aggregation.perCpuSecond, unit: 'events/CPU s' },
      { name: `aggregation, ${kind}`, value: aggregation.perSecond, unit: 'events/s' },
      { name: 'ClickHouse alone, same rows, tables and views', value: alone, unit: 'rows/s' },
      {
        name: `aggregation / ClickHouse alone, ${kind}`,
        value: aggregation.perSecond / alone,
        unit: 'ratio',
      },
    ];
  } finally {
    await view.close();
    await client.close();
  }
}

/** Correctness of the run: every event stored once and priced, and both rollups with the raw rows' sum to the last digit. */
async function assertAllPriced(client: ClickHouseClient, rows: number): Promise<void> {
  const answer = await client.query({
    query: `
      SELECT count(), uniqExact(identity), countIf(cost_state = 'priced'), toString(sum(cost)),
        (SELECT toString(sum(cost)) FROM usage_per_day), (SELECT toString(sum(cost)) FROM usage_per_hour)
      FROM usage_raw`,
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[number, number, number, string, string, string]>();
  const [stored, unique, priced, cost, perDay, perHour] = row!;
  const counts = [stored, unique, priced].map(Number);
  if (counts.some((count) => count !== rows) || cost !== perDay || cost !== perHour) {
    throw new Error(`the run was wrong: ${rows} events gave ${JSON.stringify(row)}`);
  }
}
