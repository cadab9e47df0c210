import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '#platform';
import { kafkaWrites } from './client/writes.js';
import { type ProducerSession, type WritingClient } from './client/sessions.js';
import { EnvelopeProducer } from './envelope-producer.js';
import { type EnvelopeRecord } from './pending-sends.js';

const topic = {
  name: 't',
  schema: 't.v1',
  partitions: 2,
  retentionMs: 1,
  messageBytesMax: 100_000,
  writers: ['door'],
  readers: [],
};
const text = (value: string) => ({ partition: 1, value: Buffer.from(value), headers: {} });

const acknowledging = (baseOffset: string): Partial<ProducerSession> => ({
  produce: () => Promise.resolve([{ partition: 1, baseOffset }]),
});
const silent: Partial<ProducerSession> = { produce: () => new Promise(() => undefined) };

/** A producer whose sessions behave as given, one after the other; `calls` says what became of them. */
function producerOn(...behaviours: Partial<ProducerSession>[]) {
  const calls: string[] = [];
  const client: WritingClient = {
    ...kafkaWrites,
    openProducer: () => {
      const number = calls.filter((call) => call.startsWith('open')).length + 1;
      calls.push(`open ${number}`);
      return {
        connect: () => Promise.resolve(),
        produce: () => Promise.reject(new Error('not expected')),
        discard: (reason) => void calls.push(`discard ${number}: ${reason}`),
        ...behaviours[number - 1],
      };
    },
  };
  const logger = createLogger('test', 'silent');
  const producer = new EnvelopeProducer(
    { app: 'door', brokers: [], ackTimeoutMs: 1_500, logger },
    client,
  );
  producer.start();
  return { calls, producer };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the envelope producer on its sessions', () => {
  it('gives up a silent session at its bound, for good, and goes on with the next', async () => {
    const { calls, producer } = producerOn(silent, acknowledging('40'));
    const settled = jest.fn();
    const first = producer.send({ topic, records: [text('a')] });
    void first.then(settled);
    await jest.advanceTimersByTimeAsync(1_499);
    expect([settled.mock.calls, calls]).toEqual([[], ['open 1']]);
    await jest.advanceTimersByTimeAsync(1);
    const reason = 'acknowledgement: no answer within 1500 ms';
    expect(await first).toEqual({ state: 'unknown', reason });
    expect(await producer.send({ topic, records: [text('b')] })).toEqual({
      state: 'acknowledged',
      offsets: [{ partition: 1, baseOffset: '40' }],
    });
    expect(calls).toEqual(['open 1', `discard 1: ${reason}`, 'open 2']);
  });

  it('ends a session at its first error', async () => {
    const failing = { produce: () => Promise.reject(new Error('OUT_OF_ORDER')) };
    const { calls, producer } = producerOn(failing, acknowledging('0'));
    expect(await producer.send({ topic, records: [text('a')] })).toEqual({
      state: 'unknown',
      reason: 'OUT_OF_ORDER',
    });
    expect(calls).toEqual(['open 1', 'discard 1: OUT_OF_ORDER', 'open 2']);
  });

  it('takes an answer that leaves out a partition for none', async () => {
    const { calls, producer } = producerOn({ produce: () => Promise.resolve([]) });
    const reason = 'the answer does not cover every partition';
    expect(await producer.send({ topic, records: [text('a')] })).toEqual({
      state: 'unknown',
      reason,
    });
    expect(calls).toContain(`discard 1: ${reason}`);
  });

  it('refuses at once while the brokers are known to be away', async () => {
    const { producer } = producerOn({ connect: () => Promise.reject(new Error('nobody there')) });
    await jest.advanceTimersByTimeAsync(0);
    expect(producer.unreadyReason()).toBe('nobody there');
    expect(await producer.send({ topic, records: [text('a')] })).toEqual({
      state: 'refused',
      reason: 'Kafka is away: nobody there',
    });
  });

  it('hands over what is large as it travels, compressed and marked', async () => {
    const seen: EnvelopeRecord[] = [];
    const { producer } = producerOn({
      produce: (_, records) => {
        seen.push(...records);
        return Promise.resolve([{ partition: 1, baseOffset: '0' }]);
      },
    });
    await producer.send({ topic, records: [text('small'), text('x'.repeat(4_097))] });
    expect(seen.map(({ partition, headers }) => [partition, headers])).toEqual([
      [1, {}],
      [1, { encoding: 'zstd' }],
    ]);
    expect(seen[0]?.value.toString()).toBe('small');
  });

  it('discards its session when it is closed', async () => {
    const { calls, producer } = producerOn({});
    await jest.advanceTimersByTimeAsync(0);
    await producer.close();
    expect(calls).toEqual(['open 1', 'discard 1: closed']);
  });
});
