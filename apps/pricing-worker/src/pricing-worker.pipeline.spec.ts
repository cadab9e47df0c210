import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { partitionOf, type PricedEnvelope } from '#contracts';
import {
  type ClusterView,
  type EnvelopeProducer,
  type EnvelopeSend,
  type KafkaRecord,
  type RecordBatch,
  type SendOutcome,
} from '#kafka';
import { createLogger } from '#platform';
import { createPriceBook, type PriceBook } from '#rating';
import { PricingWorkerConfig } from './pricing-worker.config.js';
import { PricingWorkerMetrics } from './pricing-worker.metrics.js';
import { PricingWorkerPipeline } from './pricing-worker.pipeline.js';
import { PricingWorkerSink } from './pricing-worker.sink.js';
import { SourcePositions } from './source-positions.js';

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
let held: { low: string; high: string };
let committed: Map<number, string>;
let pipeline: PricingWorkerPipeline;
let positions: SourcePositions;

beforeEach(() => {
  steps = [];
  sent = [];
  answers = [];
  held = { low: '0', high: '100' };
  committed = new Map();
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
  const view = {
    clusterId: () => Promise.resolve('c1'),
    committedOffsets: () => Promise.resolve(committed),
    topicEnds: () => Promise.resolve([{ partition: PARTITION, ...held }]),
  } as unknown as ClusterView;
  positions = new SourcePositions(view, config, metrics, logger);
  const sink = new PricingWorkerSink(producer, positions, metrics, logger);
  pipeline = new PricingWorkerPipeline(config, book, positions, sink);
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
    highWatermark: held.high,
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

const sentOffsets = () =>
  sent.map(({ records }) =>
    records.map(({ value }) => (JSON.parse(value.toString()) as PricedEnvelope).origin.offset),
  );

async function lostRecords(): Promise<number> {
  const { values } = await metrics.lostRecords.get();
  return values.reduce((sum, { value }) => sum + value, 0);
}

describe('a batch', () => {
  it('is acknowledged before it is resolved, and resolved before it is committed', async () => {
    await positions.begin(PARTITION, 1);
    await pipeline.price(batchOf([0]));
    expect(steps).toEqual(['acknowledged', 'resolve 0', 'commit 1']);
  });

  it('becomes one record for each of its own, in the same partition, in order', async () => {
    await positions.begin(PARTITION, 1);
    await pipeline.price(batchOf([0, 1, 2, 3, 4]));
    expect(sentOffsets().flat()).toEqual(['0', '1', '2', '3', '4']);
    expect(sentOffsets().length).toBeGreaterThan(1);
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
      await positions.begin(PARTITION, 1);
      await expect(pipeline.price(batchOf([0, 1, 2, 3, 4]))).rejects.toThrow(failure.reason);
      expect(sent).toHaveLength(2);
      expect(steps).toEqual(['acknowledged', `resolve ${sentOffsets()[0]?.at(-1)}`, failure.state]);
    },
  );

  it('of a former assignment is left alone', async () => {
    await positions.begin(PARTITION, 1);
    await positions.begin(PARTITION, 2);
    await pipeline.price({ ...batchOf([0], 1), isCurrent: () => false });
    expect(steps).toEqual([]);
    await expect(pipeline.price(batchOf([0], 3))).rejects.toThrow('never begun');
  });
});

describe('records that are gone', () => {
  it('between the committed offset and the log raise the alarm', async () => {
    const before = await lostRecords();
    committed.set(PARTITION, '4');
    held = { low: '10', high: '20' };
    expect(await positions.begin(PARTITION, 1)).toBe('10');
    expect((await lostRecords()) - before).toBe(6);
  });

  it('under way raise the alarm, and what is left is priced', async () => {
    const before = await lostRecords();
    await positions.begin(PARTITION, 1);
    await pipeline.price(batchOf([0]));
    held = { low: '5', high: '20' };
    await pipeline.price(batchOf([5]));
    expect((await lostRecords()) - before).toBe(4);
    expect(sentOffsets().flat()).toEqual(['0', '5']);
  });

  it('only seem so when the log still has them: they are asked for again', async () => {
    const before = await lostRecords();
    await positions.begin(PARTITION, 1);
    await pipeline.price(batchOf([2]));
    expect(steps).toEqual(['seek 0']);
    expect(await lostRecords()).toBe(before);
  });

  it('are not missed by a group that has never committed: it begins at the earliest', async () => {
    expect(await positions.begin(PARTITION, 1)).toBe('0');
  });
});
