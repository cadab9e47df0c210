import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '#platform';
import { ClusterView } from './cluster-view.js';
import { ConsumerProgress } from './consumer-progress.js';
import { PartitionClaim } from './partition-claim.js';

const START = Date.UTC(2026, 10, 1);

/** One partition at position 5 of a log whose end the test moves. */
function consumerAtFive() {
  const view = new ClusterView({
    app: 'test',
    brokers: [],
    logger: createLogger('test', 'fatal'),
  });
  const log = { high: '5', answers: true };
  jest
    .spyOn(view, 'topicEnds')
    .mockImplementation(() =>
      log.answers
        ? Promise.resolve([{ partition: 0, low: '0', high: log.high }])
        : Promise.reject(new Error('away')),
    );
  const claim = new PartitionClaim({ topic: 't', partition: 0 }, 1, {
    seek: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    commit: () => Promise.resolve(),
  });
  claim.position = 5n;
  return { log, claim, progress: new ConsumerProgress('g', view) };
}

async function passSeconds(seconds: number, progress: ConsumerProgress): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    jest.setSystemTime(Date.now() + 1_000);
    await progress.refresh(true);
  }
}

describe('readiness of a consumer', () => {
  beforeEach(() => void jest.useFakeTimers({ now: START }));
  afterEach(() => void jest.useRealTimers());

  it('begins with the first assignment', () => {
    const { progress, claim } = consumerAtFive();
    expect(progress.unreadyReason()).toBe('the group g is not joined yet');
    expect(progress.lastProgressAt).toBe(0);
    progress.follow([claim]);
    expect(progress.unreadyReason()).toBeNull();
  });

  it('lasts while there is nothing to read', async () => {
    const { progress, claim } = consumerAtFive();
    progress.follow([claim]);
    await passSeconds(60, progress);
    expect(progress.unreadyReason()).toBeNull();
    expect(progress.lastProgressAt).toBe(START + 60_000);
  });

  it('ends 15 s after the position stopped moving before the end of the log, and comes back with it', async () => {
    const { progress, claim, log } = consumerAtFive();
    progress.follow([claim]);
    log.high = '9';
    await passSeconds(14, progress);
    expect(progress.unreadyReason()).toBeNull();
    await passSeconds(1, progress);
    expect(progress.unreadyReason()).toBe('no progress for 15 s: t/0 (lag 4)');
    claim.position = 9n;
    await passSeconds(1, progress);
    expect(progress.unreadyReason()).toBeNull();
  });

  it('ends when the brokers do not answer', async () => {
    const { progress, claim, log } = consumerAtFive();
    progress.follow([claim]);
    log.answers = false;
    await passSeconds(15, progress);
    expect(progress.unreadyReason()).toMatch(/^no progress for 15 s/);
  });
});
