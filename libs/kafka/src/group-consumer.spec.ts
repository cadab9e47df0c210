import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '#platform';
import {
  type AdminSession,
  type ConsumerEvents,
  type FetchedRecords,
  type ReadingClient,
} from './client/sessions.js';
import { GroupConsumer } from './group-consumer.js';
import { type RecordBatch } from './record-batch.js';

const partition = { topic: 't', partition: 0 };
const open: GroupConsumer[] = [];

afterEach(async () => {
  for (const consumer of open.splice(0)) await consumer.close();
});

/** A consumer of a log that holds the offsets 0 to 9, in a group that has committed 4. */
function consumerOnLog(handle: (batch: RecordBatch) => Promise<void> = () => Promise.resolve()) {
  const calls: string[] = [];
  const sessions: ConsumerEvents[] = [];
  const handled: RecordBatch[] = [];
  const client: ReadingClient = {
    openAdmin: () => {
      const admin: Partial<AdminSession> = {
        connect: () => Promise.resolve(),
        topicEnds: () => Promise.resolve([{ partition: 0, low: '0', high: '10' }]),
        committedOffsets: () => Promise.resolve(new Map([[0, '4']])),
        discard: () => undefined,
      };
      return admin as AdminSession;
    },
    openConsumer: (_, events) => {
      sessions.push(events);
      return {
        run: () => Promise.resolve(),
        seek: (_partition, offset) => void calls.push(`seek ${offset}`),
        pause: () => void calls.push('pause'),
        resume: () => void calls.push('resume'),
        commit: (offsets) => Promise.resolve(void calls.push(`commit ${offsets[0]?.offset}`)),
        leave: () => Promise.resolve(void calls.push('leave')),
        discard: (reason) => void calls.push(`discard: ${reason}`),
      };
    },
  };
  const consumer = new GroupConsumer(
    {
      app: 'test',
      brokers: [],
      groupId: 'g',
      topics: ['t'],
      logger: createLogger('test', 'silent'),
      sessionTimeoutMs: 6_000,
      partitionsConsumedConcurrently: 1,
      fetchWaitMsMax: 50,
      commit: 'by-handler',
      handle: (batch) => {
        handled.push(batch);
        return handle(batch);
      },
    },
    client,
  );
  open.push(consumer);
  consumer.start();
  return { calls, sessions, handled };
}

const fetched = (offset: string, over: Partial<FetchedRecords> = {}): FetchedRecords => ({
  ...partition,
  firstOffset: offset,
  highWatermark: '10',
  records: [{ offset, timestampMs: 0, headers: {}, value: Buffer.from('v') }],
  heartbeat: () => Promise.resolve(),
  resolve: () => undefined,
  ...over,
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a group consumer on its sessions', () => {
  it('delivers nothing before its position is known, and then what begins there alone', async () => {
    const { calls, sessions, handled } = consumerOnLog();
    const [events] = sessions;
    events?.joined([partition]);
    await events?.batch(fetched('4'));
    expect(handled).toEqual([]);
    await until(() => calls.includes('resume'));
    expect(calls).toEqual(['pause', 'seek 4', 'resume']);
    await events?.batch(fetched('4'));
    expect(handled.map(({ records }) => records[0]?.offset)).toEqual(['4']);
    await events?.batch(fetched('7'));
    expect(handled).toHaveLength(1);
    await until(() => calls.length === 6);
    expect(calls.slice(3)).toEqual(['pause', 'seek 4', 'resume']);
  });

  it('hears of a lost membership before it works on a batch', async () => {
    const { calls, sessions, handled } = consumerOnLog();
    const [events] = sessions;
    events?.joined([partition]);
    await until(() => calls.includes('resume'));
    const lost = () => {
      events?.revoked();
      return Promise.reject(new Error('UNKNOWN_MEMBER_ID'));
    };
    await expect(events?.batch(fetched('4', { heartbeat: lost }))).rejects.toThrow('UNKNOWN');
    expect(handled).toEqual([]);
  });

  it('lets a former owner neither seek nor commit nor pause', async () => {
    const { calls, sessions, handled } = consumerOnLog();
    const [events] = sessions;
    events?.joined([partition]);
    await until(() => calls.includes('resume'));
    await events?.batch(fetched('4'));
    const [batch] = handled;
    await batch?.commit('5');
    expect(calls.at(-1)).toBe('commit 5');
    events?.revoked();
    batch?.seek('0');
    batch?.resolve('9');
    batch?.pause();
    await batch?.commit('9');
    expect(batch?.isCurrent()).toBe(false);
    expect(calls.at(-1)).toBe('commit 5');
  });

  it('begins anew with another session when a membership has ended, whatever ended it', async () => {
    const { calls, sessions, handled } = consumerOnLog();
    sessions[0]?.joined([partition]);
    await until(() => calls.includes('resume'));
    await sessions[0]?.batch(fetched('4'));
    sessions[0]?.ended('the broker went away');
    expect(calls.at(-1)).toBe('discard: the broker went away');
    expect(handled[0]?.isCurrent()).toBe(false);
    await until(() => sessions.length === 2);
    sessions[1]?.joined([partition]);
    await until(() => calls.filter((call) => call === 'resume').length === 2);
    await sessions[1]?.batch(fetched('4'));
    expect(handled.map(({ generation }) => generation)).toEqual([1, 2]);
  });
});
