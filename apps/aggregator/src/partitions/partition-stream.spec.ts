import { describe, expect, it } from '@jest/globals';
import type { SetAsideRow } from '#clickhouse';
import { pricedUsage } from '#samples';
import { IdentityFilter } from '../deciding/identity-filter.js';
import { PartitionStream } from './partition-stream.js';

const key = { cluster: 'c1', topic: 'usage.priced', partition: 3 };
const ownership = { epoch: 1n, storedTo: 7n, originStoredTo: 20n, plan: null };

function recordOf(offset: bigint, originOffset: bigint, events: number) {
  const origin = {
    cluster: 'c1',
    partition: 3,
    offset: String(originOffset),
    appended_at: '2026-11-02T10:20:31.000Z',
  };
  const counted = Array.from({ length: events }, (_, index) => ({
    usage: pricedUsage({ id: `${offset} ${index}` }),
    origin,
    index,
  }));
  const appendedAt = new Date(origin.appended_at);
  const carried = { pricedAtMs: 1_000 * Number(offset), bytes: 100 * events };
  return { offset, originOffset, appendedAt, ...carried, counted, setAside: [] };
}

describe('a plan of a stream', () => {
  it('brings the partition to the offset behind its last record, and to the origin of it', () => {
    const stream = new PartitionStream(key, ownership, new IdentityFilter(1_000));
    stream.append(recordOf(7n, 21n, 2), 0);
    stream.append(recordOf(8n, 22n, 3), 0);
    stream.append(recordOf(9n, 23n, 3), 0);
    stream.countedUpTo(23n);
    const plan = stream.nextPlan(5);
    expect(plan).toMatchObject({ first: 7n, last: 8n, counted: 5, setAside: 0 });
    expect(stream.storedBy(plan!)).toMatchObject({ storedTo: 9n, originStoredTo: 22n });
    stream.begin(plan!);
    stream.release(plan!, 0);
    expect([stream.originStoredTo, stream.plan]).toEqual([22n, null]);
  });

  it('leaves waiting what is behind it: rows, bytes, whose they are and since when', () => {
    const stream = new PartitionStream(key, ownership, new IdentityFilter(1_000));
    expect([stream.waitingFromMs, stream.waiting.rows]).toEqual([null, 0]);
    stream.append(recordOf(7n, 21n, 2), 0);
    const other = recordOf(8n, 22n, 3);
    other.counted[1]!.usage.project = 'other';
    stream.append(other, 0);
    const unreadable = { payloadEncoding: 'json', project: null } as unknown as SetAsideRow;
    stream.append({ ...recordOf(9n, 23n, 0), setAside: [unreadable], bytes: 40 }, 0);
    stream.countedUpTo(22n);
    const { project } = other.counted[0]!.usage;
    expect([stream.waiting.rows, stream.waiting.bytes, stream.waitingFromMs]).toEqual([
      6, 540, 7_000,
    ]);
    expect(new Map(stream.waiting.byProject)).toEqual(
      new Map([
        [project, 4],
        ['other', 1],
      ]),
    );
    expect(stream.waiting.takeStored()).toEqual(new Map());
    const plan = stream.nextPlan(100)!;
    stream.begin(plan);
    stream.release(plan, 0);
    expect([stream.waiting.rows, stream.waiting.bytes, stream.waitingFromMs]).toEqual([
      1, 40, 9_000,
    ]);
    expect(new Map(stream.waiting.byProject)).toEqual(new Map());
    expect(stream.waiting.takeStored()).toEqual(
      new Map([
        [project, 4],
        ['other', 1],
      ]),
    );
    expect(stream.waiting.takeStored()).toEqual(new Map());
  });

  it('of one record is as large as the record', () => {
    const stream = new PartitionStream(key, ownership, new IdentityFilter(1_000));
    stream.append(recordOf(7n, 21n, 9), 0);
    stream.countedUpTo(21n);
    expect(stream.nextPlan(5)).toMatchObject({ first: 7n, last: 7n, counted: 9 });
  });
});
