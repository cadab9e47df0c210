import { randomUUID } from 'node:crypto';
import { type PricedEnvelope, TOPICS } from '#contracts';
import { ClusterView, KafkaBatchServer, type RecordBatch } from '#kafka';
import { createLogger } from '#platform';
import { connectPostgres } from '#postgres';
import { until } from '../measure.js';

const READ_MS_MAX = 60_000;

/** When a probe passed each stage, in milliseconds since the epoch by the clock of this one machine. */
export interface HopTimes {
  pricedAt: number;
  raisedAt: number;
  recordedAt: number;
}

/** Follows probes behind the run, out of what Kafka and PostgreSQL have noted of them: nobody is measured in the act. */
export async function readHopTimes(engines: {
  kafkaBrokers: string;
  databaseUrl: string;
}): Promise<Map<string, HopTimes>> {
  const pricedAt = await readPricedAt(engines.kafkaBrokers);
  const postgres = connectPostgres(engines.databaseUrl, 1);
  try {
    const alerts = await postgres
      .selectFrom('alerts')
      .select(['data', 'raised_at', 'created_at'])
      .where('type', '=', 'budget.breached')
      .execute();
    const hops = alerts.flatMap(({ data, raised_at, created_at }): [string, HopTimes][] => {
      const customer = String((data as { customer: unknown }).customer);
      const priced = pricedAt.get(customer);
      if (priced === undefined) return [];
      const [raisedAt, recordedAt] = [raised_at.getTime(), created_at.getTime()];
      return [[customer, { pricedAt: priced, raisedAt, recordedAt }]];
    });
    return new Map(hops);
  } finally {
    await postgres.destroy();
  }
}

/** When the broker appended each probe's record to `usage.priced`, by the probe's customer. */
async function readPricedAt(kafkaBrokers: string): Promise<Map<string, number>> {
  const logger = createLogger('bench', 'silent');
  const brokers = [kafkaBrokers];
  const topic = TOPICS.usagePriced;
  const view = new ClusterView({ app: 'bench', brokers, logger });
  const ends = await view.topicEnds(topic.name);
  const positions = new Map(ends.map(({ partition }) => [partition, '0']));
  const pricedAt = new Map<string, number>();
  const reader = new KafkaBatchServer({
    app: 'aggregator',
    brokers,
    groupId: `bench-${randomUUID()}`,
    topics: [topic],
    logger,
    commit: 'by-handler',
    startAt: () => Promise.resolve('0'),
  });
  const read = (batch: RecordBatch): Promise<void> => {
    for (const { value, offset, timestampMs } of batch.records) {
      if (value.includes('"probe-')) {
        for (const item of (JSON.parse(value.toString()) as PricedEnvelope).items)
          if (item.outcome === 'usage' && item.customer?.startsWith('probe-'))
            pricedAt.set(item.customer, timestampMs);
      }
      positions.set(batch.partition, String(BigInt(offset) + 1n));
      batch.resolve(offset);
    }
    return Promise.resolve();
  };
  reader.addHandler(topic.name, read, true);
  reader.listen((error) => {
    if (error) throw error;
  });
  await until(
    () =>
      Promise.resolve(
        ends.every(
          ({ partition, high }) =>
            positions.get(partition)! >= '0' && BigInt(positions.get(partition)!) >= BigInt(high),
        ),
      ),
    READ_MS_MAX,
  );
  await reader.close();
  await view.close();
  return pricedAt;
}
