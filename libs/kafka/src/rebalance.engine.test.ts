import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Topic } from '#contracts';
import { createLogger } from '#platform';
import { makeTestTopic, testEngines } from '#testing';
import { type BatchServerOptions, KafkaBatchServer } from './batch-server.js';
import { EnvelopeProducer } from './envelope-producer.js';
import type { RecordBatch } from './record-batch.js';

const logger = createLogger('test', 'fatal');
const brokers = testEngines().kafkaBrokers;
const PARTITIONS = 6;
const servers = new Set<KafkaBatchServer>();
let topic: Topic;

beforeEach(async () => {
  topic = await makeTestTopic('rebalance', PARTITIONS);
});

afterAll(async () => {
  for (const server of servers) await server.close();
});

function join(
  handler: (batch: RecordBatch) => Promise<void>,
  over: Partial<BatchServerOptions> = {},
): KafkaBatchServer {
  const server = new KafkaBatchServer({
    app: 'test',
    brokers,
    groupId: `${topic.name}-group`,
    topics: [topic],
    logger,
    commit: 'after-handler',
    ...over,
  });
  server.addHandler(topic.name, handler, true);
  server.listen((error) => {
    if (error) throw error;
  });
  servers.add(server);
  return server;
}

async function leave(server: KafkaBatchServer): Promise<void> {
  servers.delete(server);
  await server.close();
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const holds = (server: KafkaBatchServer, partitions: number) => () =>
  server.assigned.length === partitions && server.assigned.every(({ position }) => position);

async function append(producer: EnvelopeProducer, text: string): Promise<void> {
  const records = Array.from({ length: PARTITIONS }, (_, partition) => ({
    partition,
    value: Buffer.from(text),
    headers: {},
  }));
  expect((await producer.send({ topic, records })).state).toBe('acknowledged');
}

describe('a rebalance', () => {
  it('leaves late work of the former owner without effect', async () => {
    const producer = new EnvelopeProducer({ app: 'test', brokers, ackTimeoutMs: 5_000, logger });
    producer.start();
    await append(producer, 'a');
    const late = new Map<number, RecordBatch>();
    const revoked: number[] = [];
    const first = join(
      (batch) => {
        if (!late.has(batch.partition)) late.set(batch.partition, batch);
        batch.resolve(batch.records.at(-1)?.offset ?? '');
        return Promise.resolve();
      },
      {
        commit: 'by-handler',
        onRevoked: (assignment, generation) =>
          void revoked.push(...assignment.map(() => generation)),
      },
    );
    await until(() => late.size === PARTITIONS);
    const handled: string[] = [];
    const second = join((batch) => {
      handled.push(`${batch.partition}/${batch.records[0]?.offset}`);
      return Promise.resolve();
    });
    await until(() => holds(second, 3)() && holds(first, 3)());
    expect(revoked).toEqual([1, 1, 1, 1, 1, 1]);

    for (const batch of late.values()) {
      expect(batch.generation).toBe(1);
      expect(batch.isCurrent()).toBe(false);
      batch.seek('0');
      batch.resolve('77');
      batch.pause();
      await batch.commit('55');
    }
    // Nobody had committed: both begin at the earliest, and the late calls have moved and stopped nothing.
    await append(producer, 'b');
    const taken = second.assigned.map(({ partition }) => partition);
    await until(() => taken.every((partition) => handled.includes(`${partition}/0`)));
    await until(() => [...first.assigned, ...second.assigned].every(({ lag }) => lag === 0));
    for (const { position } of [...first.assigned, ...second.assigned]) expect(position).toBe('2');
    await leave(first);
    await leave(second);
    await producer.close();
  });

  it('loses nothing and keeps the order while members come and go', async () => {
    const producer = new EnvelopeProducer({ app: 'test', brokers, ackTimeoutMs: 5_000, logger });
    producer.start();
    const seen = Array.from({ length: PARTITIONS }, () => new Set<string>());
    /** The offsets that each member was brought of a partition in one generation. */
    const runs = new Map<string, bigint[]>();
    let members = 0;
    const member = () => {
      const name = (members += 1);
      return join(async ({ partition, generation, records }) => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        const key = `${name}/${generation}/${partition}`;
        runs.set(key, [...(runs.get(key) ?? []), ...records.map(({ offset }) => BigInt(offset))]);
        for (const { value } of records) seen[partition]?.add(value.toString());
      });
    };
    const stop = new AbortController();
    let written = 0;
    const writing = (async () => {
      while (!stop.signal.aborted) await append(producer, `record ${written++}`);
    })();
    const stays = member();
    await until(holds(stays, 6));
    for (let turn = 0; turn < 3; turn += 1) {
      const guest = member();
      await until(holds(guest, 3));
      const before = written;
      await until(() => written > before + 20);
      await leave(guest);
      await until(holds(stays, 6));
    }
    stop.abort();
    await writing;
    await until(() => seen.every((texts) => texts.size === written));
    for (const offsets of runs.values()) {
      expect(offsets).toEqual(offsets.map((_, at) => (offsets[0] ?? 0n) + BigInt(at)));
    }
    await leave(stays);
    await producer.close();
  });
});
