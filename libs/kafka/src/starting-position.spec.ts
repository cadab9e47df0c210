import { describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '#platform';
import { ClusterView } from './cluster-view.js';
import { lostPositionsTotal } from './kafka-metrics.js';
import { PartitionClaim } from './partition-claim.js';
import { takePosition } from './starting-position.js';

const partition = { topic: 'starting-position', partition: 2 };
const logger = createLogger('test', 'silent');

/** A claim on a log that holds the offsets from 10 to 19, in a group that has committed 15. */
function claimOnLog() {
  const calls: string[] = [];
  const view = new ClusterView({ app: 'test', brokers: [], logger });
  const ends = { partition: 2, low: '10', high: '20' };
  jest.spyOn(view, 'topicEnds').mockImplementation(() => Promise.resolve([{ ...ends }]));
  jest.spyOn(view, 'committedOffsets').mockResolvedValue(new Map([[2, '15']]));
  const claim = new PartitionClaim(partition, 1, {
    seek: (_, offset) => void calls.push(`seek ${offset}`),
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    commit: () => Promise.resolve(),
  });
  return { claim, calls, ends, options: { groupId: 'g', view, logger } };
}

describe('the starting position', () => {
  it('is the committed offset; nothing is delivered before it is found', async () => {
    const { claim, calls, options } = claimOnLog();
    await takePosition(claim, options);
    expect(calls).toEqual(['pause', 'seek 15', 'resume']);
    expect(claim.lag).toBe(5);
  });

  it("is the owner's when there is one", async () => {
    const { claim, calls, options } = claimOnLog();
    await takePosition(claim, { ...options, startAt: () => Promise.resolve('12') });
    expect(calls).toEqual(['pause', 'seek 12', 'resume']);
  });

  it('raises an alarm over each record that is gone, and goes on behind the hole', async () => {
    const { claim, calls, options } = claimOnLog();
    await takePosition(claim, { ...options, startAt: () => Promise.resolve('4') });
    expect(calls).toEqual(['pause', 'seek 10', 'resume']);
    const { values } = await lostPositionsTotal.get();
    expect(values).toEqual([{ labels: { topic: 'starting-position', partition: '2' }, value: 6 }]);
  });

  it('waits while the log ends before it', async () => {
    const { claim, calls, ends, options } = claimOnLog();
    const taking = takePosition(claim, { ...options, startAt: () => Promise.resolve('22') });
    await jest.mocked(options.view.topicEnds).mock.results[0]?.value;
    expect(calls).toEqual(['pause']);
    ends.high = '22';
    await taking;
    expect(calls).toEqual(['pause', 'seek 22', 'resume']);
  });

  it('is given up with its claim', async () => {
    const { claim, calls, options } = claimOnLog();
    claim.end();
    await takePosition(claim, options);
    expect(calls).toEqual([]);
  });
});
