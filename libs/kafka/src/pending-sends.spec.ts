import { describe, expect, it } from '@jest/globals';
import { baseOffsetsOf, type PendingSend, refusalOf, takeFlight } from './pending-sends.js';

const topic = {
  name: 't',
  schema: 't.v1',
  partitions: 2,
  retentionMs: 1,
  messageBytesMax: 1_000,
  writers: ['door'],
  readers: [],
};

function pending(records: readonly (readonly [number, number])[], name = 't'): PendingSend {
  return {
    topic: { ...topic, name },
    records: records.map(([partition, bytes]) => ({
      partition,
      value: Buffer.alloc(bytes),
      headers: {},
    })),
    deadlineAt: 0,
    settle: () => undefined,
  };
}

describe('a flight', () => {
  it('takes the waiting sends of one topic in order, and leaves what does not fit a partition', () => {
    // 256 bytes of overhead a record: 356 + 356 fit into 1000, a third does not.
    const sends = [pending([[0, 100]]), pending([[0, 100]]), pending([[0, 100]])];
    const waiting = [...sends];
    expect(takeFlight(waiting)).toEqual(sends.slice(0, 2));
    expect(takeFlight(waiting)).toEqual(sends.slice(2));
    expect(takeFlight(waiting)).toEqual([]);
  });

  it('never mixes topics nor lets a send overtake another', () => {
    const waiting = [pending([[0, 1]]), pending([[0, 1]], 'other'), pending([[1, 1]])];
    expect(takeFlight(waiting).map((send) => send.topic.name)).toEqual(['t']);
    expect(takeFlight(waiting).map((send) => send.topic.name)).toEqual(['other']);
    expect(waiting).toHaveLength(1);
  });

  it('gives each send the offsets of its own records', () => {
    const flight = [
      pending([
        [0, 1],
        [0, 1],
        [1, 1],
      ]),
      pending([[0, 1]]),
    ];
    const answer = [
      { partition: 0, baseOffset: '40' },
      { partition: 1, baseOffset: '7' },
    ];
    expect(baseOffsetsOf(flight, answer)).toEqual([
      [
        { partition: 0, baseOffset: '40' },
        { partition: 1, baseOffset: '7' },
      ],
      [{ partition: 0, baseOffset: '42' }],
    ]);
  });

  it('is not acknowledged when the answer leaves out a partition', () => {
    const answer = [{ partition: 0, baseOffset: '40' }];
    expect(baseOffsetsOf([pending([[1, 1]])], answer)).toBeNull();
  });
});

describe('a refusal', () => {
  it('names the stranger, the partition that does not exist, and what is too large', () => {
    expect(refusalOf('console', pending([[0, 1]]))).toBe(
      'console is not declared as a writer of t',
    );
    expect(refusalOf('door', pending([[2, 1]]))).toBe('t has no partition 2');
    expect(refusalOf('door', pending([[-1, 1]]))).toBe('t has no partition -1');
    // 500 + 256 fit, two of them do not.
    const large = pending([
      [1, 500],
      [1, 500],
    ]);
    expect(refusalOf('door', large)).toBe('1512 bytes for partition 1 of t, at most 1000');
    expect(refusalOf('door', pending([[1, 500]]))).toBeNull();
  });
});
