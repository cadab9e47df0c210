import { describe, expect, it } from '@jest/globals';
import { type FetchedBatch, PartitionClaim } from './partition-claim.js';

const partition = { topic: 't', partition: 3 };

/** A claim at position 10, and what it did to its consumer. */
function claimAtTen() {
  const calls: string[] = [];
  const claim = new PartitionClaim(partition, 5, {
    seek: (_, offset) => void calls.push(`seek ${offset}`),
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    commit: (_, offset) => Promise.resolve(void calls.push(`commit ${offset}`)),
  });
  claim.position = 10n;
  const fetched: FetchedBatch = {
    highWatermark: '14',
    records: [],
    heartbeat: () => Promise.resolve(),
    resolve: (offset) => void calls.push(`resolve ${offset}`),
  };
  return { claim, calls, batch: claim.batchOf(fetched) };
}

describe('a claim on a partition', () => {
  it('moves forward behind what is resolved, never back', () => {
    const { claim, calls, batch } = claimAtTen();
    batch.resolve('12');
    batch.resolve('10');
    claim.sawHighWatermark(14n);
    expect(calls).toEqual(['resolve 12']);
    expect(claim.position).toBe(13n);
    expect(claim.lag).toBe(1);
  });

  it('makes a batch stale when it is sought elsewhere', () => {
    const { claim, calls, batch } = claimAtTen();
    batch.seek('4');
    batch.resolve('12');
    batch.seek('20');
    expect(batch.isCurrent()).toBe(false);
    expect(calls).toEqual(['seek 4']);
    expect(claim.position).toBe(4n);
  });

  it('does nothing more once it has ended', async () => {
    const { claim, calls, batch } = claimAtTen();
    const resume = batch.pause();
    claim.end();
    resume();
    batch.resolve('12');
    batch.seek('4');
    batch.pause();
    await batch.commit('13');
    expect(batch.isCurrent()).toBe(false);
    expect(calls).toEqual(['pause']);
    expect(claim.uncommitted()).toEqual([]);
  });

  it('is held until the last hold is released, each of them once', () => {
    const { claim, calls } = claimAtTen();
    const first = claim.hold();
    const second = claim.hold();
    first();
    first();
    expect(calls).toEqual(['pause']);
    second();
    expect(calls).toEqual(['pause', 'resume']);
  });

  it('has its position committed until that has succeeded', () => {
    const { claim, batch } = claimAtTen();
    batch.resolve('10');
    expect(claim.uncommitted()).toEqual([{ ...partition, offset: '11' }]);
    expect(claim.uncommitted()).toEqual([{ ...partition, offset: '11' }]);
    claim.hasCommitted(11n);
    expect(claim.uncommitted()).toEqual([]);
  });
});
