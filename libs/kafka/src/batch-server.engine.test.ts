import 'reflect-metadata';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Topic } from '#contracts';
import { createLogger } from '#platform';
import { makeTestTopic, testEngines } from '#testing';
import { type BatchServerOptions, KafkaBatchServer } from './batch-server.js';
import { EnvelopeProducer } from './envelope-producer.js';
import type { RecordBatch } from './record-batch.js';

const logger = createLogger('test', 'fatal');
const brokers = testEngines().kafkaBrokers;
const closers: (() => Promise<void>)[] = [];
let topic: Topic;

beforeAll(async () => {
  topic = await makeTestTopic('batches', 2);
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function optionsFor(over: Partial<BatchServerOptions> = {}): BatchServerOptions {
  const groupId = `${topic.name}-${Math.random()}`;
  const commit = 'after-handler';
  return { app: 'test', brokers, groupId, topics: [topic], logger, commit, ...over };
}

function serve(
  handler: (batch: RecordBatch) => Promise<void>,
  over: Partial<BatchServerOptions> = {},
): KafkaBatchServer {
  const server = new KafkaBatchServer(optionsFor(over));
  server.addHandler(topic.name, handler, true);
  server.listen((error) => {
    if (error) throw error;
  });
  closers.push(() => server.close());
  return server;
}

/** Fills a fresh topic: `texts[n]` is at offset n of partition 0. */
async function fill(texts: readonly string[]): Promise<void> {
  topic = await makeTestTopic('batches', 2);
  await append(0, texts);
}

async function append(partition: number, texts: readonly string[]): Promise<void> {
  const producer = new EnvelopeProducer({ app: 'test', brokers, ackTimeoutMs: 5_000, logger });
  producer.start();
  for (const text of texts) {
    const headers = { schema: 'test.v1', count: '1' };
    const records = [{ partition, value: Buffer.from(text), headers }];
    expect((await producer.send({ topic, records })).state).toBe('acknowledged');
  }
  await producer.close();
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const textsOf = ({ records }: RecordBatch) => records.map(({ value }) => value.toString());

describe('delivery', () => {
  it('brings the records of a partition in order, with offsets, headers and the time of the append', async () => {
    const texts = Array.from({ length: 50 }, (_, n) => `record ${n}`);
    await fill(texts);
    const seen: RecordBatch[] = [];
    const server = serve((batch) => Promise.resolve(void seen.push(batch)));
    await until(() => seen.flatMap(textsOf).length === 50);
    expect(seen.flatMap(textsOf)).toEqual(texts);
    const records = seen.flatMap((batch) => batch.records);
    expect(records.map(({ offset }) => offset)).toEqual(texts.map((_, n) => String(n)));
    expect(records[0]?.headers).toEqual({ schema: 'test.v1', count: '1' });
    expect(Math.abs(Date.now() - records[0]!.timestampMs)).toBeLessThan(60_000);
    await until(() => server.unreadyReason() === null);
    await until(() => server.assigned.every(({ lag }) => lag === 0));
    expect(server.assigned).toEqual([
      { topic: topic.name, partition: 0, position: '50', highWatermark: '50', lag: 0 },
      { topic: topic.name, partition: 1, position: '0', highWatermark: '0', lag: 0 },
    ]);
  });

  it('goes on where the group ended when a server is closed and another begins', async () => {
    await fill(['a', 'b', 'c']);
    const options = optionsFor();
    const first: string[] = [];
    const before = serve((batch) => Promise.resolve(void first.push(...textsOf(batch))), options);
    await until(() => first.length === 3);
    await before.close();
    await append(0, ['d']);
    const second: string[] = [];
    serve((batch) => Promise.resolve(void second.push(...textsOf(batch))), options);
    await until(() => second.length > 0);
    expect({ first, second }).toEqual({ first: ['a', 'b', 'c'], second: ['d'] });
  });

  it('waits on closing for the handler in flight', async () => {
    await fill(['a']);
    let ended = false;
    let begun = false;
    const server = serve(async () => {
      begun = true;
      await new Promise((resolve) => setTimeout(resolve, 300));
      ended = true;
    });
    await until(() => begun);
    await server.close();
    expect(ended).toBe(true);
  });
});

describe('a handler that throws', () => {
  it('gets the same records again, through Nest, while other partitions go on', async () => {
    await fill(['a', 'b']);
    await append(1, ['other']);
    const calls: string[] = [];
    @Controller()
    class Handler {
      @EventPattern<string>(topic.name)
      handle(@Payload() batch: RecordBatch): void {
        const texts = textsOf(batch);
        calls.push(...texts);
        if (texts.includes('a') && calls.filter((text) => text === 'a').length < 3) {
          throw new Error('an outage');
        }
      }
    }
    @Module({ controllers: [Handler] })
    class App {}
    const strategy = new KafkaBatchServer(optionsFor());
    const app: INestMicroservice = await NestFactory.createMicroservice(App, {
      strategy,
      logger: false,
    });
    closers.push(() => app.close());
    await app.listen();
    await until(() => strategy.assigned.length === 2);
    await until(() => strategy.assigned.every(({ lag }) => lag === 0));
    expect(calls.filter((text) => text === 'a')).toHaveLength(3);
    expect(calls.filter((text) => text === 'other')).toHaveLength(1);
    expect(calls.lastIndexOf('b')).toBeGreaterThan(calls.lastIndexOf('a'));
  });

  it('keeps what it had resolved', async () => {
    await fill(['a', 'b', 'c']);
    const calls: string[][] = [];
    serve(
      (batch) => {
        calls.push(textsOf(batch));
        const [first] = batch.records;
        if (calls.length === 1 && first) {
          batch.resolve(first.offset);
          throw new Error('an outage behind the first record');
        }
        batch.resolve(batch.records.at(-1)?.offset ?? '');
        return Promise.resolve();
      },
      { commit: 'by-handler' },
    );
    await until(() => calls.flat().includes('c') && calls.length > 1);
    expect(calls[0]?.[0]).toBe('a');
    expect(calls.slice(1).flat()).toEqual(['b', 'c']);
  });
});

describe('a handler that owns the position', () => {
  it('continues where it seeks, and the rest of that batch is stale', async () => {
    await fill(['a', 'b', 'c', 'd']);
    const calls: string[] = [];
    let stale: RecordBatch | undefined;
    const server = serve(
      (batch) => {
        calls.push(...textsOf(batch).slice(0, 1));
        if (stale === undefined) {
          batch.seek('2');
          stale = batch;
        } else batch.resolve(batch.records.at(-1)?.offset ?? '');
        return Promise.resolve();
      },
      { commit: 'by-handler' },
    );
    await until(() => server.assigned.some(({ position }) => position === '4'));
    expect(calls).toEqual(['a', 'c']);
    expect(stale?.isCurrent()).toBe(false);
    stale?.resolve('0');
    stale?.seek('1');
    expect(server.assigned[0]?.position).toBe('4');
  });

  it('is brought nothing while it pauses, and all that is next when it resumes', async () => {
    await fill(['a']);
    const calls: string[] = [];
    let resume: (() => void) | undefined;
    const server = serve(
      (batch) => {
        calls.push(...textsOf(batch));
        batch.resolve(batch.records.at(-1)?.offset ?? '');
        resume ??= batch.pause();
        return Promise.resolve();
      },
      { commit: 'by-handler' },
    );
    await until(() => resume !== undefined);
    await append(0, ['b', 'c']);
    // The brokers show two more records, and several fetches have gone by without them.
    await until(() => server.assigned[0]?.lag === 2);
    expect(calls).toEqual(['a']);
    resume?.();
    await until(() => calls.length === 3);
    expect(calls).toEqual(['a', 'b', 'c']);
  });

  it('begins where its owner says, asked until the owner answers', async () => {
    await fill(['a', 'b', 'c']);
    let asked = 0;
    const calls: string[] = [];
    serve((batch) => Promise.resolve(void calls.push(...textsOf(batch))), {
      startAt: ({ partition }) => {
        asked += 1;
        if (asked < 4) return Promise.reject(new Error('the owner is away'));
        return Promise.resolve(partition === 0 ? '1' : null);
      },
    });
    await until(() => calls.length === 2);
    expect(calls).toEqual(['b', 'c']);
  });

  it('is brought nothing of a log that ends before its position', async () => {
    await fill(['a', 'b']);
    const calls: string[] = [];
    const server = serve((batch) => Promise.resolve(void calls.push(...textsOf(batch))), {
      startAt: ({ partition }) => Promise.resolve(partition === 0 ? '3' : null),
    });
    await until(() => server.assigned.some(({ partition, lag }) => partition === 1 && lag === 0));
    await append(0, ['c']);
    await append(0, ['d']);
    await until(() => calls.length > 0);
    expect(calls).toEqual(['d']);
  });
});

describe('the start', () => {
  it('is refused without a handler, with two, and with one for a topic that is not subscribed', async () => {
    await fill([]);
    const listen = (patterns: readonly string[]) => {
      const server = new KafkaBatchServer(optionsFor());
      for (const pattern of patterns) server.addHandler(pattern, () => Promise.resolve(), true);
      return new Promise((resolve) => server.listen(resolve));
    };
    await expect(listen([])).resolves.toMatchObject({
      message: `wrong wiring of test: ${topic.name} has 0 handlers, needs one`,
    });
    await expect(listen([topic.name, topic.name])).resolves.toMatchObject({
      message: `wrong wiring of test: ${topic.name} has 2 handlers, needs one`,
    });
    await expect(listen([topic.name, 'another'])).resolves.toMatchObject({
      message: 'wrong wiring of test: a handler waits for another, which is not subscribed',
    });
  });
});
