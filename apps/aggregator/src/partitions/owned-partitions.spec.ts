import { describe, expect, it } from '@jest/globals';
import type { RecordBatch } from '#kafka';
import { createLogger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { IdentityFilter } from '../deciding/identity-filter.js';
import { OwnedPartitions } from './owned-partitions.js';
import { OwnershipSink } from './ownership.sink.js';

/** Batches of one partition, and what became of its delivery. */
function begin() {
  const told: string[] = [];
  let epoch = 0n;
  const sink = new OwnershipSink({
    takeOver: () =>
      Promise.resolve({ epoch: (epoch += 1n), storedTo: 7n, originStoredTo: 6n, plan: null }),
  });
  const ports = {
    source: { cluster: 'c1', topic: 'usage.priced' },
    identities: { filterFor: () => Promise.resolve(new IdentityFilter(128)) },
  };
  const logger = createLogger('test', 'silent');
  const partitions = new OwnedPartitions(ports, sink, new AggregatorMetrics(), logger);
  const batch = {
    partition: 3,
    generation: 1,
    isCurrent: () => true,
    seek: (offset: string) => void told.push(`seek ${offset}`),
    pause: () => {
      told.push('pause');
      return () => void told.push('resume');
    },
  } as unknown as RecordBatch;
  return { partitions, batch, told };
}

describe('a partition that two notice to be lost', () => {
  it('is delivered again, although its successor was paused between the two', async () => {
    const { partitions, batch, told } = begin();
    await partitions.takeOver(3, 1);
    const lost = partitions.of(batch)!;
    lost.arrived(batch);
    const [first, second] = [lost.retake(), lost.retake()];
    await first;
    const between = partitions.of(batch)!;
    expect(between.stream.epoch).toBe(2n);
    between.pause(batch);
    await second;
    expect(partitions.of(batch)!.stream.epoch).toBe(3n);
    expect(told).toEqual(['seek 7', 'pause', 'seek 7', 'resume']);
    await between.retake();
    expect(told).toHaveLength(4);
  });
});
