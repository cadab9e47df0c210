import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { partitionOf, type PricedEnvelope } from '#contracts';
import type { ClusterView, EnvelopeSend, KafkaRecord, RecordBatch, SendOutcome } from '#kafka';
import type { EnvelopeProducer } from '#kafka/writes';
import { createLogger } from '#platform';
import { createPriceBook, type PriceBook } from '#rating';
import { PricingWorkerConfig } from './pricing-worker.config.js';
import { PricingWorkerMetrics } from './pricing-worker.metrics.js';
import { PricingWorkerPipeline } from './pricing-worker.pipeline.js';
import { PricingWorkerSink } from './pricing-worker.sink.js';
import { SourceCluster } from './source-cluster.js';

const PARTITION = 3;
const metrics = new PricingWorkerMetrics();
const logger = createLogger('test', 'fatal');

let book: PriceBook;
beforeAll(async () => {
  book = await createPriceBook();
});

let steps: string[];
let sent: EnvelopeSend[];
let answers: SendOutcome[];
let clusterId: string;
let pipeline: PricingWorkerPipeline;

beforeEach(() => {
  steps = [];
  sent = [];
  answers = [];
  clusterId = 'c1';
  const config = new PricingWorkerConfig();
  config.sendBytesMax = 2_000;
  const producer = {
    send: (send: EnvelopeSend) => {
      sent.push(send);
      const outcome = answers.shift() ?? { state: 'acknowledged', offsets: [] };
      steps.push(outcome.state);
      return Promise.resolve(outcome);
    },
  } as unknown as EnvelopeProducer;
  const view = { clusterId: () => Promise.resolve(clusterId) } as unknown as ClusterView;
  const sink = new PricingWorkerSink(producer, metrics, logger);
  pipeline = new PricingWorkerPipeline(config, book, new SourceCluster(view), sink);
});

function eventHere(offset: number): string {
  for (let n = 0; ; n++) {
    const id = `e${offset}-${n}`;
    if (partitionOf({ project: 'p1', source: 'api', id }) === PARTITION) return id;
  }
}

function record(offset: number): KafkaRecord {
  const batch = {
    project: 'p1',
    key: 'k1',
    request_id: 'r1',
    received_at: '2026-11-01T00:00:00.000Z',
    events: [
      { id: eventHere(offset), provider: 'openai', model: 'gpt-4o', usage: { input_tokens: 1 } },
    ],
  };
  return {
    offset: String(offset),
    timestampMs: Date.UTC(2026, 10, 1),
    headers: { schema: 'usage.recorded.v1' },
    value: Buffer.from(JSON.stringify({ v: 1, batches: [batch] })),
  };
}

function batchOf(offsets: number[], generation = 1): RecordBatch {
  return {
    topic: 'usage.recorded',
    partition: PARTITION,
    highWatermark: '100',
    records: offsets.map(record),
    generation,
    isCurrent: () => true,
    heartbeat: () => Promise.resolve(),
    resolve: (offset) => void steps.push(`resolve ${offset}`),
    seek: (offset) => void steps.push(`seek ${offset}`),
    pause: () => () => undefined,
    commit: (offset) => Promise.resolve(void steps.push(`commit ${offset}`)),
  };
}

const originsOf = ({ records }: EnvelopeSend) =>
  records.map(({ value }) => (JSON.parse(value.toString()) as PricedEnvelope).origin);
const origins = () => sent.flatMap(originsOf);

describe('a batch', () => {
  it('is acknowledged before it is resolved, and resolved before it is committed', async () => {
    await pipeline.price(batchOf([0]));
    expect(steps).toEqual(['acknowledged', 'resolve 0', 'commit 1']);
  });

  it('becomes one record for each of its own, in the same partition, in order', async () => {
    await pipeline.price(batchOf([0, 1, 2, 3, 4]));
    expect(origins().map(({ offset }) => offset)).toEqual(['0', '1', '2', '3', '4']);
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.flatMap(({ records }) => records.map(({ partition }) => partition))).toEqual([
      3, 3, 3, 3, 3,
    ]);
  });

  it.each<Exclude<SendOutcome, { state: 'acknowledged' }>>([
    { state: 'unknown', reason: 'time-out' },
    { state: 'refused', reason: 'Kafka is away' },
  ])(
    'that is not acknowledged ($state) throws, and nothing behind it is written or committed',
    async (failure) => {
      answers = [{ state: 'acknowledged', offsets: [] }, failure];
      await expect(pipeline.price(batchOf([0, 1, 2, 3, 4]))).rejects.toThrow(failure.reason);
      expect(sent).toHaveLength(2);
      expect(steps).toEqual([
        'acknowledged',
        `resolve ${originsOf(sent[0]!).at(-1)?.offset}`,
        failure.state,
      ]);
    },
  );

  it('of another generation is asked of its own cluster', async () => {
    await pipeline.price(batchOf([0], 1));
    await pipeline.price(batchOf([1], 1));
    clusterId = 'rebuilt';
    await pipeline.price(batchOf([0], 2));
    expect(origins().map(({ cluster }) => cluster)).toEqual(['c1', 'c1', 'rebuilt']);
  });
});
