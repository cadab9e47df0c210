import { describe, expect, it } from '@jest/globals';
import { Freshness, type LogEnds, readLogEnds, type Stored } from './fresh-to.js';

const PARTITIONS = Array.from({ length: 12 }, (_, partition) => partition);
const ASKED = Date.parse('2026-11-01T12:00:00.000Z');
const APPENDED = new Date('2026-11-01T11:59:58.250Z');

const ends = (highs: Record<number, bigint>): LogEnds => ({
  cluster: 'c1',
  askedAtMs: ASKED,
  highs: new Map(PARTITIONS.map((partition) => [partition, highs[partition] ?? 0n])),
});

const stored = (partition: number, to: bigint, over: Partial<Stored> = {}): Stored => ({
  cluster: 'c1',
  partition,
  originStoredTo: to,
  originAppendedAt: APPENDED,
  ...over,
});

const freshTo = (known: LogEnds | null, positions: Stored[]): number | null =>
  new Freshness().advance(known, positions);

describe('fresh_to', () => {
  it('is the moment of asking when every partition is stored to its end', () => {
    expect(freshTo(ends({ 3: 10n }), [stored(3, 9n)])).toBe(ASKED);
  });

  it('is the moment of asking on a platform that has seen no event', () => {
    expect(freshTo(ends({}), [])).toBe(ASKED);
  });

  it('is the append of the last stored record where a partition lags', () => {
    expect(freshTo(ends({ 3: 11n, 4: 5n }), [stored(3, 9n), stored(4, 4n)])).toBe(
      APPENDED.getTime(),
    );
  });

  it('is unknown when records wait and none of their partition was ever stored', () => {
    expect(freshTo(ends({ 7: 1n }), [stored(3, 9n)])).toBeNull();
    expect(freshTo(ends({ 7: 1n }), [stored(7, -1n, { originAppendedAt: null })])).toBeNull();
  });

  it('takes no position of a log that was replaced', () => {
    expect(freshTo(ends({ 3: 5n }), [stored(3, 900n, { cluster: 'old' })])).toBeNull();
  });

  it('is unknown where a partition is not among the ends, and nothing of it was stored', () => {
    const eleven = {
      ...ends({ 3: 10n }),
      highs: new Map([...ends({ 3: 10n }).highs].slice(0, 11)),
    };
    expect(freshTo(eleven, [stored(3, 9n)])).toBeNull();
    expect(freshTo(eleven, [stored(3, 9n), stored(11, 4n)])).toBe(APPENDED.getTime());
  });

  it('is the least of the stored times while Kafka is away', () => {
    const late = { originAppendedAt: new Date(APPENDED.getTime() + 5000) };
    const positions = PARTITIONS.map((partition) =>
      stored(partition, 9n, partition === 5 ? {} : late),
    );
    expect(freshTo(null, positions)).toBe(APPENDED.getTime());
    expect(freshTo(null, positions.slice(1))).toBeNull();
    expect(freshTo(null, [...positions, stored(0, 1n, { cluster: 'old' })])).toBeNull();
  });

  it('stays where it was when the first record of a partition waits, or Kafka falls silent', () => {
    const freshness = new Freshness();
    const later = { ...ends({ 3: 10n, 7: 1n }), askedAtMs: ASKED + 1000 };
    expect(freshness.advance(ends({ 3: 10n }), [stored(3, 9n)])).toBe(ASKED);
    expect(freshness.advance(later, [stored(3, 9n)])).toBe(ASKED);
    expect(freshness.advance(null, [stored(3, 9n)])).toBe(ASKED);
    expect(freshness.advance({ ...later, cluster: 'c2' }, [stored(3, 9n)])).toBeNull();
  });
});

describe('the ends of the log', () => {
  const log = {
    clusterId: () => Promise.resolve('c1'),
    topicEnds: (topic: string) =>
      topic === 'usage.recorded'
        ? Promise.resolve([
            { partition: 0, high: '9007199254740993' },
            { partition: 1, high: '0' },
          ])
        : Promise.reject(new Error(`not of ${topic}`)),
  };

  it('are read with the cluster that they belong to, and keep all their digits', async () => {
    expect(await readLogEnds(log, ASKED)).toEqual({
      cluster: 'c1',
      askedAtMs: ASKED,
      highs: new Map([
        [0, 9_007_199_254_740_993n],
        [1, 0n],
      ]),
    });
  });

  it('are not read while the brokers do not answer', async () => {
    const away = { ...log, clusterId: () => Promise.reject(new Error('away')) };
    await expect(readLogEnds(away, ASKED)).rejects.toThrow('away');
  });
});
