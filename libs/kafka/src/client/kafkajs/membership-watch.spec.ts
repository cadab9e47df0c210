import { describe, expect, it } from '@jest/globals';
import { MembershipWatch } from './membership-watch.js';

describe('MembershipWatch', () => {
  it('calls a fetch between a rebalance and the next join the end of the membership', () => {
    const watch = new MembershipWatch(6_000);
    expect(watch.fetching()).toBeNull();
    watch.rebalancing();
    expect(watch.fetching()).toBe('the group was not joined again after a rebalance');
    watch.joined();
    expect(watch.fetching()).toBeNull();
  });

  it('bears answered fetches without a heartbeat for one session, and no longer', () => {
    const watch = new MembershipWatch(6_000);
    for (const nowMs of [100_000, 102_000, 104_000, 106_000])
      expect(watch.fetched(nowMs)).toBeNull();
    expect(watch.fetched(106_001)).toContain('no heartbeat for 6001 ms');
  });

  it('counts anew from each heartbeat', () => {
    const watch = new MembershipWatch(6_000);
    for (const nowMs of [100_000, 102_000, 104_000]) watch.fetched(nowMs);
    watch.heartbeat();
    for (const nowMs of [106_000, 108_000, 110_000, 112_000])
      expect(watch.fetched(nowMs)).toBeNull();
  });

  it('does not count the time in which no fetch was answered either', () => {
    const watch = new MembershipWatch(6_000);
    watch.fetched(100_000);
    expect(watch.fetched(130_000)).toBeNull();
    expect(watch.fetched(132_000)).toBeNull();
  });
});
