import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import { refusalOf } from './pending-sends.js';
import { splitByBytes } from './split-by-bytes.js';

const topic = TOPICS.alertsRaised;
const record = (partition: number, bytes: number) => ({
  partition,
  value: Buffer.alloc(bytes),
  headers: {},
});
const split = (records: ReturnType<typeof record>[]) => {
  const { sends, tooLarge } = splitByBytes(topic, records);
  for (const send of sends) expect(refusalOf('aggregator', { topic, records: send })).toBeNull();
  return [sends.map((send) => send.map((one) => records.indexOf(one))), tooLarge.length];
};

describe('records split by bytes', () => {
  it('go in sends that the brokers take, in order', () => {
    // With 256 bytes of overhead each: three of 300,000 fit into 1 MiB, a fourth does not.
    expect(split(Array.from({ length: 7 }, () => record(3, 300_000)))).toEqual([
      [[0, 1, 2], [3, 4, 5], [6]],
      0,
    ]);
  });

  it('fill each partition for itself', () => {
    expect(split([record(0, 600_000), record(1, 600_000), record(0, 600_000)])).toEqual([
      [[0, 1], [2]],
      0,
    ]);
  });

  it('leave out what no send can hold, up to the byte', () => {
    const most = 1024 * 1024 - 256;
    expect(split([record(0, 1), record(0, most + 1), record(0, 1)])).toEqual([[[0, 2]], 1]);
    expect(split([record(0, most), record(0, most)])).toEqual([[[0], [1]], 0]);
  });

  it('are none where there are none', () => {
    expect(split([])).toEqual([[], 0]);
  });
});
