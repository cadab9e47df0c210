import { describe, expect, it } from '@jest/globals';
import { Clock } from '#platform';
import type { StoredPosition } from '#postgres';
import { UsageCompleteness } from './usage-completeness.js';

const PARTITIONS = Array.from({ length: 12 }, (_, partition) => partition);
const APPENDED = new Date('2026-11-14T09:00:00Z');
const clock = new Clock(Date.parse('2026-11-14T10:00:00Z') - Date.now());

const stored = (partition: number, to: bigint, cluster = 'c1'): StoredPosition => ({
  cluster,
  partition,
  originStoredTo: to,
  originAppendedAt: APPENDED,
});

/** Of all 12 partitions; those that are not named hold nothing. */
const ends = (...highs: string[]) =>
  PARTITIONS.map((partition) => ({ partition, low: '0', high: highs[partition] ?? '0' }));

function completeTo(highs: string[] | Error, positions: StoredPosition[]): Promise<number | null> {
  const view = {
    clusterId: () => Promise.resolve('c1'),
    topicEnds: () =>
      highs instanceof Error ? Promise.reject(highs) : Promise.resolve(ends(...highs)),
  };
  return new UsageCompleteness(view, () => Promise.resolve(positions), clock).completeTo();
}

describe('usage is complete', () => {
  it('to the moment of asking where everything is stored', async () => {
    const moment = await completeTo(['10', '0'], [stored(0, 9n)]);
    expect(Math.abs(moment! - clock.now())).toBeLessThan(1_000);
  });

  it('to the append of the last stored record where something waits', async () => {
    const moment = await completeTo(['10', '7'], [stored(0, 9n), stored(1, 5n)]);
    expect(moment).toBe(APPENDED.getTime());
  });

  it('to no known moment where nothing of a partition was stored, or nobody can tell', async () => {
    expect(await completeTo(['10', '7'], [stored(0, 9n)])).toBeNull();
    expect(await completeTo(['10'], [stored(0, 9n, 'replaced')])).toBeNull();
    expect(await completeTo(new Error('away'), [stored(0, 9n)])).toBeNull();
  });

  it('to the least append that is stored while Kafka is away: what came after is not known', async () => {
    const all = PARTITIONS.map((partition) => ({
      ...stored(partition, 9n),
      originAppendedAt: new Date(APPENDED.getTime() + partition * 1_000),
    }));
    expect(await completeTo(new Error('away'), all)).toBe(Date.parse('2026-11-14T09:00:00Z'));
    expect(await completeTo(new Error('away'), all.slice(1))).toBeNull();
  });
});
