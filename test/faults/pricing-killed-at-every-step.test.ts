import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partitionOf, type PricedEnvelope, RECORDED_SCHEMA, TOPICS } from '#contracts';
import { type EnvelopeRecord, KafkaBatchServer, type RecordBatch } from '#kafka';
import { EnvelopeProducer } from '#kafka/writes';
import { picoFromDecimal } from '#money';
import { createLogger } from '#platform';
import { startTestPlatform, type TestPlatform } from '#testing';

const APP = 'pricing-worker';
const EVENTS = 240;
/** 1,000 in at 2.5 and 500 out at 10 dollars a million. */
const PICO_PER_EVENT = 7_500_000_000n;

interface Priced {
  envelope: PricedEnvelope;
  bytes: string;
}

const logger = createLogger('test', 'fatal');
/** Everything that stands in usage.priced, by partition, in the order of the log. */
const log = new Map<number, Priced[]>();

let test: TestPlatform;
let producer: EnvelopeProducer;
let reader: KafkaBatchServer;

beforeAll(async () => {
  test = await startTestPlatform('pricing-killed', { apps: [APP] });
  const brokers = test.platform.surroundings.engines.kafkaBrokers.split(',');
  producer = new EnvelopeProducer({ app: 'ingest-api', brokers, ackTimeoutMs: 10_000, logger });
  producer.start();
  reader = new KafkaBatchServer({
    app: 'aggregator',
    brokers,
    groupId: 'reads-what-was-priced',
    topics: [TOPICS.usagePriced],
    logger,
    commit: 'after-handler',
  });
  reader.addHandler(TOPICS.usagePriced.name, (batch: RecordBatch) => read(batch), true);
  reader.listen((error) => {
    if (error) throw error;
  });
});

afterAll(async () => {
  await reader.close();
  await producer.close();
  await test.end();
});

function read({ partition, records }: RecordBatch): Promise<void> {
  const known = log.get(partition) ?? [];
  for (const { value } of records) {
    const bytes = value.toString();
    known.push({ bytes, envelope: JSON.parse(bytes) as PricedEnvelope });
  }
  log.set(partition, known);
  return Promise.resolve();
}

/** Records ten events an envelope, each in the partition of its identity. Answers with how many envelopes it were. */
async function record(run: string): Promise<number> {
  const byPartition = new Map<number, object[]>();
  for (let n = 0; n < EVENTS; n++) {
    const id = `${run}-${n}`;
    const partition = partitionOf({ project: 'p1', source: 'api', id });
    const usage = { input_tokens: 1000, output_tokens: 500 };
    const event = { id, provider: 'openai', model: 'gpt-4o', usage };
    byPartition.set(partition, [...(byPartition.get(partition) ?? []), event]);
  }
  const records = [...byPartition].flatMap(([partition, events]) =>
    Array.from({ length: Math.ceil(events.length / 10) }, (_, n) =>
      envelope(partition, events.slice(n * 10, n * 10 + 10)),
    ),
  );
  const outcome = await producer.send({ topic: TOPICS.usageRecorded, records });
  expect(outcome.state).toBe('acknowledged');
  return records.length;
}

function envelope(partition: number, events: object[]): EnvelopeRecord {
  const batch = {
    project: 'p1',
    key: 'k1',
    request_id: 'r1',
    received_at: '2026-11-01T00:00:00.000Z',
    events,
  };
  return {
    partition,
    value: Buffer.from(JSON.stringify({ v: 1, batches: [batch] })),
    headers: { schema: RECORDED_SCHEMA },
  };
}

function distinct(): Map<string, Priced> {
  const found = new Map<string, Priced>();
  for (const records of log.values())
    for (const priced of records) {
      const { partition, offset } = priced.envelope.origin;
      const key = `${partition}/${offset}`;
      if (!found.has(key)) found.set(key, priced);
    }
  return found;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('pricing, killed', () => {
  let envelopes = 0;
  let runs = 0;

  it.each([
    'pricing.after_consume',
    'pricing.after_price',
    'pricing.after_produce',
    'pricing.after_commit',
  ])('at %s, prices every record at least once, in order, with the same bytes', async (name) => {
    await test.platform.restart(APP, { firstRun: { FAILPOINT: name } });
    const startsBefore = test.platform.process(APP).starts;
    envelopes += await record(name);
    runs += 1;
    await until(() => test.platform.process(APP).starts > startsBefore);
    await until(() => distinct().size === envelopes);

    for (const records of log.values()) {
      let next = 0n;
      const bytes = new Map<string, string>();
      for (const { envelope, bytes: given } of records) {
        const { offset } = envelope.origin;
        if (BigInt(offset) >= next) expect(BigInt(offset)).toBe(next++);
        expect(bytes.get(offset) ?? given).toBe(given);
        bytes.set(offset, given);
      }
    }
    const costs = [...distinct().values()].flatMap(({ envelope }) =>
      envelope.items.map((item) =>
        item.outcome === 'usage' && item.cost.state === 'priced'
          ? picoFromDecimal(item.cost.amount)!
          : 0n,
      ),
    );
    expect(costs).toHaveLength(EVENTS * runs);
    expect(costs.reduce((sum, cost) => sum + cost, 0n)).toBe(
      PICO_PER_EVENT * BigInt(EVENTS * runs),
    );
  });
});
