import { describe, expect, it } from '@jest/globals';
import type { StoredPosition } from '#postgres';
import { Freshness, type LogEnds } from './fresh-to.js';

const PARTITIONS = Array.from({ length: 12 }, (_, partition) => partition);
const ASKED = Date.parse('2026-11-01T12:00:00.000Z');
const APPENDED = new Date('2026-11-01T11:59:58.250Z');

const ends = (highs: Record<number, bigint>): LogEnds => ({
  cluster: 'c1',
  askedAtMs: ASKED,
  highs: new Map(PARTITIONS.map((partition) => [partition, highs[partition] ?? 0n])),
});

const stored = (
  partition: number,
  to: bigint,
  over: Partial<StoredPosition> = {},
): StoredPosition => ({
  cluster: 'c1',
  partition,
  originStoredTo: to,
  originAppendedAt: APPENDED,
  ...over,
});

const freshTo = (known: LogEnds | null, positions: StoredPosition[]): number | null =>
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
